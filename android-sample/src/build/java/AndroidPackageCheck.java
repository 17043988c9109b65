import com.android.apksig.ApkVerifier;
import com.android.apksig.apk.ApkUtils;
import com.android.apksig.util.DataSource;
import com.android.apksig.util.DataSources;
import com.android.apksig.zip.ZipFormatException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Says whether Android would install an app and find in it what it needs: {@code java
 * AndroidPackageCheck.java APK MANIFEST}, with apksig on the class path. Prints size and methods.
 */
class AndroidPackageCheck {

  private static final int OLDEST_API = 26;
  private static final int TARGET_API = 34;
  private static final long MOST_BYTES = 8_000_000;

  private static final String ANDROID = "http://schemas.android.com/apk/res/android";

  /** Kinds of things in a manifest that are classes. */
  private static final List<String> COMPONENTS =
      List.of("application", "activity", "service", "receiver", "provider");

  /** Of Stave, whoever uses it. */
  private static final List<String> DOORS =
      List.of("dev.stave.database.Database", "dev.stave.sync.Replication");

  /** What a desktop or a server has, and Android does not. */
  private static final List<String> DESKTOP =
      List.of(
          "java.applet.",
          "java.awt.",
          "java.beans.",
          "java.lang.instrument.",
          "java.lang.management.",
          "java.net.http.",
          "java.rmi.",
          "javax.management.",
          "javax.naming.",
          "javax.swing.",
          "jdk.",
          "sun.");

  /**
   * Jackson asks for the two annotations in {@code Java7SupportImpl}, which it loads by name and
   * does without if that fails, as it does on Android. Unsafe is on Android.
   */
  private static final Set<String> HARMLESS =
      Set.of("java.beans.ConstructorProperties", "java.beans.Transient", "sun.misc.Unsafe");

  private final List<String> faults = new ArrayList<>();

  public static void main(String[] arguments) throws Exception {
    Path apk = Path.of(arguments[0]);
    AndroidPackageCheck check = new AndroidPackageCheck();
    Element manifest = manifest(Path.of(arguments[1]));
    check.signature(apk);
    if (check.faults.isEmpty()) { // else it may be anything
      try (RandomAccessFile file = new RandomAccessFile(apk.toFile(), "r")) {
        check.facts(DataSources.asDataSource(file), manifest);
        check.alignment(DataSources.asDataSource(file));
      }
      check.code(apk, components(manifest));
    }
    if (!check.faults.isEmpty()) {
      check.faults.forEach(fault -> System.err.println(apk + ": " + fault));
      System.exit(1);
    }
  }

  private void expect(boolean so, String fault) {
    if (!so) {
      faults.add(fault);
    }
  }

  private void signature(Path apk) throws Exception {
    ApkVerifier.Result result =
        new ApkVerifier.Builder(apk.toFile())
            .setMinCheckedPlatformVersion(OLDEST_API)
            .setMaxCheckedPlatformVersion(TARGET_API)
            .build()
            .verify();
    expect(result.isVerified(), "its signature is refused: " + result.getAllErrors());
    expect(result.isVerifiedUsingV2Scheme(), "no signature of scheme 2, which Android 8 asks for");
    expect(result.isVerifiedUsingV3Scheme(), "no signature of scheme 3");
    expect(result.getWarnings().isEmpty(), "its signature: " + result.getWarnings());
  }

  /** What the compiled manifest says of itself, compared with the source. */
  private void facts(DataSource apk, Element source) throws Exception {
    String name =
        ApkUtils.getPackageNameFromBinaryAndroidManifest(ApkUtils.getAndroidManifest(apk));
    expect(name.equals(source.getAttribute("package")), "it is the package " + name);
    int oldest =
        ApkUtils.getMinSdkVersionFromBinaryAndroidManifest(ApkUtils.getAndroidManifest(apk));
    expect(oldest == OLDEST_API, "its minSdkVersion is " + oldest + ", not " + OLDEST_API);
    int target =
        ApkUtils.getTargetSdkVersionFromBinaryAndroidManifest(ApkUtils.getAndroidManifest(apk));
    expect(target == TARGET_API, "its targetSdkVersion is " + target + ", not " + TARGET_API);
  }

  /** Android 11 refuses an app whose table of resources it cannot map as it lies there. */
  private void alignment(DataSource apk) throws IOException, ZipFormatException {
    ApkUtils.ZipSections zip = ApkUtils.findZipSections(apk);
    ByteBuffer directory =
        apk.getByteBuffer(
            zip.getZipCentralDirectoryOffset(),
            Math.toIntExact(zip.getZipCentralDirectorySizeBytes()));
    directory.order(ByteOrder.LITTLE_ENDIAN);
    boolean found = false;
    for (int at = 0; at < directory.limit(); ) {
      boolean stored = directory.getShort(at + 10) == ZipEntry.STORED;
      byte[] name = new byte[directory.getShort(at + 28)];
      directory.position(at + 46);
      directory.get(name);
      String entry = new String(name, StandardCharsets.UTF_8);
      long local = directory.getInt(at + 42);
      ByteBuffer header = apk.getByteBuffer(local, 30).order(ByteOrder.LITTLE_ENDIAN);
      long data = local + 30 + header.getShort(26) + header.getShort(28);
      expect(!stored || data % 4 == 0, entry + " is not on a multiple of 4 but at " + data);
      expect(!entry.endsWith(".so"), entry + " is native code");
      if (entry.equals("resources.arsc")) {
        found = true;
        expect(stored, "resources.arsc is compressed");
      }
      at += 46 + name.length + directory.getShort(at + 30) + directory.getShort(at + 32);
    }
    expect(found, "no resources.arsc");
  }

  private void code(Path apk, List<String> components) throws IOException {
    Set<String> defined = new TreeSet<>();
    Set<String> named = new TreeSet<>();
    int methods = 0;
    int files = 0;
    try (ZipFile zip = new ZipFile(apk.toFile())) {
      for (ZipEntry entry : zip.stream().collect(Collectors.toList())) {
        if (entry.getName().endsWith(".dex")) {
          Dex dex = new Dex(zip.getInputStream(entry).readAllBytes());
          defined.addAll(dex.defined());
          named.addAll(dex.named());
          methods += dex.methods();
          files++;
        }
      }
    }
    for (String name : DOORS) {
      expect(defined.contains(name), name + " is not in it: was it renamed or left out by R8?");
    }
    for (String name : components) {
      expect(defined.contains(name), "the manifest names " + name + ", which is not in it");
    }
    for (String name : named) {
      boolean desktop = DESKTOP.stream().anyMatch(name::startsWith);
      expect(!desktop || HARMLESS.contains(name), "its code uses " + name + ", not on Android");
    }
    long bytes = Files.size(apk);
    expect(bytes <= MOST_BYTES, bytes + " bytes are too many: " + MOST_BYTES + " at most");
    System.out.printf(
        Locale.ROOT,
        "%s: %,d bytes, %,d methods and %,d classes in %d dex file%s%n",
        apk.getFileName(),
        bytes,
        methods,
        defined.size(),
        files,
        files == 1 ? "" : "s");
  }

  private static Element manifest(Path file) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    return factory.newDocumentBuilder().parse(file.toFile()).getDocumentElement();
  }

  private static List<String> components(Element manifest) {
    List<String> classes = new ArrayList<>();
    for (String kind : COMPONENTS) {
      NodeList elements = manifest.getElementsByTagName(kind);
      for (int i = 0; i < elements.getLength(); i++) {
        String name = ((Element) elements.item(i)).getAttributeNS(ANDROID, "name");
        if (!name.isEmpty()) { // an application may have none
          boolean whole = name.indexOf('.') > 0;
          String dot = name.startsWith(".") ? "" : ".";
          classes.add(whole ? name : manifest.getAttribute("package") + dot + name);
        }
      }
    }
    return classes;
  }

  /** The tables at the head of a dex file: strings, types by string, classes by type. */
  private record Dex(ByteBuffer bytes) {

    private Dex(byte[] file) {
      this(ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN));
    }

    /** Those it defines and those it calls, which is what its limit of 65,536 counts. */
    private int methods() {
      return bytes.getInt(88);
    }

    private Set<String> defined() {
      Set<String> names = new TreeSet<>();
      for (int i = 0; i < bytes.getInt(96); i++) {
        names.add(type(bytes.getInt(bytes.getInt(100) + 32 * i)));
      }
      return names;
    }

    /** All that its code speaks of. */
    private Set<String> named() {
      Set<String> names = new TreeSet<>();
      for (int i = 0; i < bytes.getInt(64); i++) {
        names.add(type(i));
      }
      return names;
    }

    /** A class's name as Java has it; of an array its element's. */
    private String type(int index) {
      int at = bytes.getInt(bytes.getInt(60) + 4 * bytes.getInt(bytes.getInt(68) + 4 * index));
      while (bytes.get(at) < 0) { // the length, in seven bits each
        at++;
      }
      int end = ++at;
      while (bytes.get(end) != 0) {
        end++;
      }
      String name = new String(bytes.array(), at, end - at, StandardCharsets.UTF_8);
      return name.replaceAll("^\\[*L|;$", "").replace('/', '.');
    }
  }
}
