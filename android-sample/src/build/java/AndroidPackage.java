import static java.nio.charset.StandardCharsets.UTF_8;

import com.android.apksig.ApkSigner;
import com.android.apksig.KeyConfig;
import com.android.tools.r8.ClassFileResourceProvider;
import com.android.tools.r8.CompilationFailedException;
import com.android.tools.r8.CompilationMode;
import com.android.tools.r8.Diagnostic;
import com.android.tools.r8.DiagnosticsHandler;
import com.android.tools.r8.JdkClassFileProvider;
import com.android.tools.r8.OutputMode;
import com.android.tools.r8.ProgramResource;
import com.android.tools.r8.R8;
import com.android.tools.r8.R8Command;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Makes an app that Android installs: {@code java AndroidPackage.java ANDROID_JAR RULES OUTPUT APK
 * CLASSPATH}, with R8 and apksig on the class path.
 *
 * <p>R8 turns the classes of CLASSPATH into {@code classes.dex}, without what nobody calls. To
 * these come {@code OUTPUT/resources.apk}, of {@link AndroidResources}, and the libraries' own
 * files. The key that signs it is made here, once, and is for trying the app out only.
 */
class AndroidPackage {

  private static final int OLDEST_API = 26;

  /** The same in each build, as all in the package but the signature. */
  private static final LocalDateTime TIME = LocalDateTime.of(2026, 1, 1, 0, 0);

  private static final String KEY = "debug";
  private static final String PASSWORD = "android"; // of a key that proves nothing

  /** What Android has of Java, with what is below. Its own jar has none of it, the JDK more. */
  private static final Set<String> JAVA =
      Set.of(
          "java.io",
          "java.lang",
          "java.math",
          "java.net",
          "java.nio",
          "java.security",
          "java.sql",
          "java.text",
          "java.time",
          "java.util",
          "javax.crypto",
          "javax.net",
          "javax.security",
          "javax.xml",
          "jdk.internal", // this and "sun": what the JDK's own signatures name
          "org.w3c.dom",
          "org.xml.sax",
          "sun");

  /** Of the above, what Android lacks. */
  private static final Set<String> NOT_ON_ANDROID =
      Set.of(
          "java.lang.management",
          "java.lang.instrument",
          "java.lang.module",
          "java.lang.foreign",
          "java.net.http",
          "java.net.spi",
          "javax.security.sasl",
          "javax.xml.stream",
          "javax.xml.crypto");

  private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));

  public static void main(String[] arguments) throws Exception {
    Path android = Path.of(arguments[0]);
    Path rules = Path.of(arguments[1]);
    Path output = Path.of(arguments[2]);
    Path apk = Path.of(arguments[3]);
    List<Path> classPath =
        Stream.of(arguments[4].split(File.pathSeparator))
            .map(Path::of)
            .collect(Collectors.toList());
    Path dex = Files.createDirectories(output.resolve("dex"));
    compile(android, rules, classPath, dex);
    Path unsigned = output.resolve("unsigned.apk");
    pack(output.resolve("resources.apk"), dex, classPath, unsigned);
    sign(unsigned, key(output), apk);
  }

  /** A warning is an error: what is known and harmless is in the rules, with the reason. */
  private static void compile(Path android, Path rules, List<Path> classPath, Path dex)
      throws IOException {
    Warnings warnings = new Warnings();
    try {
      for (Path old : list(dex)) {
        Files.delete(old);
      }
      R8.run(
          R8Command.builder(warnings)
              .setMode(CompilationMode.RELEASE)
              .setMinApiLevel(OLDEST_API)
              .addLibraryFiles(android)
              .addLibraryResourceProvider(new JavaOfAndroid())
              .addProgramFiles(programFiles(classPath))
              .addProguardConfigurationFiles(rules)
              .setOutput(dex, OutputMode.DexIndexed, false)
              .build());
    } catch (CompilationFailedException e) {
      throw new IOException("R8 failed: see above", e);
    }
    if (warnings.count > 0) {
      throw new IOException("R8 warned of " + warnings.count + " things: see above, and " + rules);
    }
  }

  /** Jars; of folders each class, as R8 takes no folders. */
  private static List<Path> programFiles(List<Path> classPath) throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path entry : classPath) {
      if (!Files.isDirectory(entry)) {
        files.add(entry);
        continue;
      }
      try (Stream<Path> all = Files.walk(entry)) {
        all.filter(file -> file.toString().endsWith(".class")).forEach(files::add);
      }
    }
    return files;
  }

  private static void pack(Path resources, Path dex, List<Path> classPath, Path unsigned)
      throws IOException {
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(unsigned))) {
      Set<String> written = new TreeSet<>();
      copy(resources, out, written);
      for (Path file : list(dex)) {
        write(file.getFileName().toString(), ZipEntry.DEFLATED, Files.readAllBytes(file), out);
      }
      for (Path entry : classPath) {
        if (!Files.isDirectory(entry)) { // the app's own classes: its files are Android's resources
          copy(entry, out, written);
        }
      }
    }
  }

  /** Copies what is no class: of two of one name, such as licences, the first. */
  private static void copy(Path from, ZipOutputStream out, Set<String> written) throws IOException {
    try (ZipFile zip = new ZipFile(from.toFile())) {
      for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
        ZipEntry entry = all.nextElement();
        if (isForTheApp(entry.getName()) && written.add(entry.getName())) {
          try (InputStream in = zip.getInputStream(entry)) {
            write(entry.getName(), entry.getMethod(), in.readAllBytes(), out);
          }
        }
      }
    }
  }

  /** Not what only the builder of an app reads, nor Kotlin's, which is for reflection alone. */
  private static boolean isForTheApp(String name) {
    return !name.endsWith("/")
        && !name.endsWith(".class")
        && !name.endsWith(".kotlin_module")
        && !name.endsWith(".kotlin_builtins")
        && !name.equals("META-INF/MANIFEST.MF")
        && !name.startsWith("META-INF/maven/")
        && !name.startsWith("META-INF/proguard/")
        && !name.startsWith("META-INF/versions/");
  }

  private static void write(String name, int method, byte[] bytes, ZipOutputStream out)
      throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(TIME);
    entry.setMethod(method);
    if (method == ZipEntry.STORED) {
      CRC32 sum = new CRC32();
      sum.update(bytes);
      entry.setCrc(sum.getValue());
      entry.setSize(bytes.length);
    }
    out.putNextEntry(entry);
    out.write(bytes);
    out.closeEntry();
  }

  private static KeyStore key(Path output)
      throws IOException, InterruptedException, GeneralSecurityException {
    Path file = output.resolve("debug-key.p12");
    if (!Files.exists(file)) {
      List<String> command = new ArrayList<>();
      command.add(JAVA_HOME.resolve("bin/keytool").toString());
      command.addAll(
          List.of("-genkeypair", "-alias", KEY, "-dname", "CN=Debug key of Stave's sample"));
      command.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1", "-validity", "10000"));
      command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
      command.addAll(List.of("-keystore", file.toString()));
      Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(keytool.getInputStream().readAllBytes(), UTF_8);
      int exit = keytool.waitFor();
      if (exit != 0) {
        throw new IOException("keytool failed with " + exit + ": " + said);
      }
    }
    return KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
  }

  /** Android 8 and later ask for no signature of the files one by one (v1). */
  private static void sign(Path unsigned, KeyStore keys, Path apk) throws Exception {
    PrivateKey key = (PrivateKey) keys.getKey(KEY, PASSWORD.toCharArray());
    X509Certificate certificate = (X509Certificate) keys.getCertificate(KEY);
    ApkSigner.SignerConfig signer =
        new ApkSigner.SignerConfig.Builder(KEY, new KeyConfig.Jca(key), List.of(certificate))
            .build();
    new ApkSigner.Builder(List.of(signer))
        .setInputApk(unsigned.toFile())
        .setOutputApk(apk.toFile())
        .setMinSdkVersion(OLDEST_API)
        .setV1SigningEnabled(false)
        .setV2SigningEnabled(true)
        .setV3SigningEnabled(true)
        .build()
        .sign(); // and aligns what is not compressed, so that Android can map it
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().collect(Collectors.toList());
    }
  }

  /** Prints what R8 says and counts what is not mere information. */
  private static final class Warnings implements DiagnosticsHandler {
    private int count;

    @Override
    public void warning(Diagnostic warning) {
      count++;
      DiagnosticsHandler.printDiagnosticToStream(warning, "Warning", System.err);
    }

    @Override
    public void info(Diagnostic info) {}
  }

  /** The JDK's classes in the packages that Android has. */
  private static final class JavaOfAndroid implements ClassFileResourceProvider {
    private final ClassFileResourceProvider jdk =
        JdkClassFileProvider.fromSystemModulesJdk(JAVA_HOME);

    private JavaOfAndroid() throws IOException {}

    @Override
    public Set<String> getClassDescriptors() {
      return jdk.getClassDescriptors().stream()
          .filter(JavaOfAndroid::isOnAndroid)
          .collect(Collectors.toSet());
    }

    @Override
    public ProgramResource getProgramResource(String descriptor) {
      return isOnAndroid(descriptor) ? jdk.getProgramResource(descriptor) : null;
    }

    @Override
    public void getProgramResources(Consumer<ProgramResource> consumer) {
      getClassDescriptors().stream().map(jdk::getProgramResource).forEach(consumer);
    }

    private static boolean isOnAndroid(String descriptor) {
      String name = descriptor.substring(1, descriptor.lastIndexOf('/') + 1).replace('/', '.');
      return JAVA.stream().anyMatch(part -> name.startsWith(part + "."))
          && NOT_ON_ANDROID.stream().noneMatch(part -> name.startsWith(part + "."));
    }
  }
}
