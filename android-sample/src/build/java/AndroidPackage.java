import com.android.apksig.ApkSigner;
import com.android.apksig.ApkVerifier;
import com.android.tools.r8.D8;
import com.android.tools.r8.D8Command;
import com.android.tools.r8.origin.Origin;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Makes an APK: {@code java AndroidPackage.java CLASSES WORK APK}. WORK has {@code resources.apk},
 * {@code tools} and {@code libraries}. D8 makes Android's code of classes and libraries; a debug
 * key is made the first time; the APK is signed (v2, v3), aligned and verified, and must be small.
 */
class AndroidPackage {

  private static final int OLDEST_API = 26;
  private static final long MOST_BYTES = 8_000_000;
  private static final int METHOD_COUNT_OFFSET = 88;
  private static final String PASSWORD = "android"; // as of every debug key

  public static void main(String[] arguments) throws Exception {
    Path classes = Path.of(arguments[0]);
    Path work = Path.of(arguments[1]);
    Path apk = Path.of(arguments[2]);
    List<Path> libraries = files(work.resolve("libraries"), ".jar");
    Path dex = work.resolve("dex");
    dex(classes, libraries, work.resolve("tools/android-all.jar"), dex);
    Path unsigned = work.resolve("unsigned.apk");
    int methods = pack(work.resolve("resources.apk"), files(dex, ".dex"), libraries, unsigned);
    sign(unsigned, debugKey(work.resolve("debug.p12")), apk);
    verify(apk);
    long bytes = Files.size(apk);
    System.out.println(apk + ": " + bytes + " bytes, " + methods + " methods");
    if (bytes > MOST_BYTES) {
      throw new IllegalStateException("the APK has more than " + MOST_BYTES + " bytes");
    }
  }

  private static List<Path> files(Path folder, String end) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(each -> each.toString().endsWith(end))
          .sorted()
          .collect(Collectors.toList());
    }
  }

  private static void dex(Path classes, List<Path> libraries, Path android, Path out)
      throws Exception {
    Files.createDirectories(out);
    for (Path old : files(out, ".dex")) {
      Files.delete(old);
    }
    List<String> command = new ArrayList<>(List.of("--release", "--min-api", "" + OLDEST_API));
    command.addAll(List.of("--lib", System.getProperty("java.home"))); // java.lang and its like
    command.addAll(List.of("--lib", android.toString(), "--output", out.toString()));
    Stream.concat(files(classes, ".class").stream(), libraries.stream())
        .forEach(file -> command.add(file.toString()));
    D8.run(D8Command.parse(command.toArray(new String[0]), Origin.root()).build());
  }

  /** Puts it together, and counts the methods that the code refers to. */
  private static int pack(Path resources, List<Path> dex, List<Path> libraries, Path apk)
      throws IOException {
    int methods = 0;
    Set<String> names = new HashSet<>();
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(apk));
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.setLevel(9);
      copy(resources, zip, names);
      for (Path each : dex) {
        byte[] bytes = Files.readAllBytes(each);
        methods +=
            ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(METHOD_COUNT_OFFSET);
        put(zip, each.getFileName().toString(), bytes, ZipEntry.DEFLATED);
      }
      for (Path library : libraries) {
        copy(library, zip, names);
      }
    }
    return methods;
  }

  private static void copy(Path from, ZipOutputStream zip, Set<String> names) throws IOException {
    try (ZipFile source = new ZipFile(from.toFile())) {
      Enumeration<? extends ZipEntry> entries = source.entries();
      while (entries.hasMoreElements()) {
        ZipEntry entry = entries.nextElement();
        if (!isNeeded(entry) || !names.add(entry.getName())) {
          continue;
        }
        try (InputStream in = source.getInputStream(entry)) {
          put(zip, entry.getName(), in.readAllBytes(), entry.getMethod());
        }
      }
    }
  }

  /** Code is in the dex files; what is about a jar is not about an app. */
  private static boolean isNeeded(ZipEntry entry) {
    String name = entry.getName();
    boolean isAboutAJar =
        name.startsWith("META-INF/") && !name.startsWith("META-INF/services/")
            || name.endsWith(".kotlin_builtins");
    return !entry.isDirectory() && !name.endsWith(".class") && !isAboutAJar;
  }

  private static void put(ZipOutputStream zip, String name, byte[] bytes, int method)
      throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setTime(0);
    entry.setMethod(method);
    if (method == ZipEntry.STORED) {
      CRC32 sum = new CRC32();
      sum.update(bytes);
      entry.setCrc(sum.getValue());
      entry.setSize(bytes.length);
    }
    zip.putNextEntry(entry);
    zip.write(bytes);
    zip.closeEntry();
  }

  private static KeyStore.PrivateKeyEntry debugKey(Path store) throws Exception {
    if (!Files.exists(store)) {
      String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
      List<String> command = new ArrayList<>(List.of(keytool, "-genkeypair", "-alias", "debug"));
      command.addAll(List.of("-keyalg", "RSA", "-keysize", "2048", "-validity", "10000"));
      command.addAll(List.of("-dname", "CN=Android Debug", "-storetype", "PKCS12"));
      command.addAll(List.of("-keystore", store.toString(), "-storepass", PASSWORD));
      int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
      if (exit != 0) {
        throw new IOException("keytool failed with " + exit);
      }
    }
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return (KeyStore.PrivateKeyEntry)
        keys.getEntry("debug", new KeyStore.PasswordProtection(PASSWORD.toCharArray()));
  }

  private static void sign(Path unsigned, KeyStore.PrivateKeyEntry key, Path apk) throws Exception {
    PrivateKey secret = key.getPrivateKey();
    List<X509Certificate> certificates = List.of((X509Certificate) key.getCertificate());
    ApkSigner.SignerConfig signer =
        new ApkSigner.SignerConfig.Builder("debug", secret, certificates).build();
    new ApkSigner.Builder(List.of(signer))
        .setInputApk(unsigned.toFile())
        .setOutputApk(apk.toFile())
        .setMinSdkVersion(OLDEST_API)
        .setV1SigningEnabled(false)
        .setV2SigningEnabled(true)
        .setV3SigningEnabled(true)
        .build()
        .sign();
  }

  private static void verify(Path apk) throws Exception {
    ApkVerifier.Result result = new ApkVerifier.Builder(apk.toFile()).build().verify();
    if (!result.isVerified()
        || !result.isVerifiedUsingV2Scheme()
        || !result.isVerifiedUsingV3Scheme()) {
      throw new IllegalStateException("the APK is not well signed: " + result.getErrors());
    }
    try (ZipFile zip = new ZipFile(apk.toFile())) {
      for (String name : List.of("AndroidManifest.xml", "resources.arsc", "classes.dex")) {
        if (zip.getEntry(name) == null) {
          throw new IllegalStateException("the APK has no " + name);
        }
      }
    }
  }
}
