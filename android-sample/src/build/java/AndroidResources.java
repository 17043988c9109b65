import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Compiles Android's resources: {@code java AndroidResources.java APKTOOL_JAR SOURCES OUTPUT JAVA}.
 *
 * <p>APKTOOL_JAR brings aapt2, which is Android's own compiler, and the framework's resources.
 * SOURCES has {@code AndroidManifest.xml} and {@code res}. In OUTPUT there is {@code resources.apk}
 * then, and below JAVA the class {@code R}.
 */
class AndroidResources {

  private static final String OLDEST_API = "26";
  private static final String TARGET_API = "34";

  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (!canRun()) {
      System.err.println(
          "WARNING: the Android sample is SKIPPED, neither compiled nor tested: Android's resource"
              + " compiler for Linux is for x86-64, and this machine is "
              + System.getProperty("os.arch"));
      return; // the POM's profile no-resource-compiler skips the rest
    }
    Path jar = Path.of(arguments[0]);
    Path sources = Path.of(arguments[1]);
    Path output = Path.of(arguments[2]);
    Path java = Path.of(arguments[3]);
    Files.createDirectories(output);
    Files.createDirectories(java);
    Path aapt = output.resolve("tools/aapt2");
    Path framework = output.resolve("tools/android-framework.jar");
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      extract(zip, "prebuilt/" + compiler(), aapt);
      extract(zip, "prebuilt/android-framework.jar", framework);
    }
    if (!aapt.toFile().setExecutable(true)) {
      throw new IOException("cannot be made executable: " + aapt);
    }
    Path compiled = output.resolve("compiled-resources.zip");
    run(aapt, "compile", "--dir", sources.resolve("res"), "-o", compiled);
    run(
        aapt,
        "link",
        "-I",
        framework,
        "--manifest",
        sources.resolve("AndroidManifest.xml"),
        "--min-sdk-version",
        OLDEST_API,
        "--target-sdk-version",
        TARGET_API,
        "--java",
        java,
        "-o",
        output.resolve("resources.apk"),
        compiled);
  }

  private static boolean canRun() {
    return !System.getProperty("os.name").equals("Linux")
        || List.of("amd64", "x86_64").contains(System.getProperty("os.arch"));
  }

  /** The one for this machine. */
  private static String compiler() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    if (system.contains("windows")) {
      return "windows/aapt2.exe";
    }
    return system.contains("mac") ? "macosx/aapt2" : "linux/aapt2";
  }

  private static void extract(ZipFile zip, String name, Path target) throws IOException {
    ZipEntry entry = zip.getEntry(name);
    if (entry == null) {
      throw new IOException(zip.getName() + " has no " + name);
    }
    if (Files.exists(target) && Files.size(target) == entry.getSize()) {
      return;
    }
    Files.deleteIfExists(target);
    try (InputStream in = zip.getInputStream(entry)) {
      Files.copy(in, target);
    }
  }

  private static void run(Path aapt, Object... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(aapt.toString()));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    Process process = new ProcessBuilder(command).inheritIO().start();
    int exit = process.waitFor();
    if (exit != 0) {
      System.err.println("aapt2 failed with " + exit + ": " + String.join(" ", command));
      System.exit(exit);
    }
  }
}
