import com.googlecode.d2j.Method;
import com.googlecode.d2j.dex.Dex2jar;
import com.googlecode.d2j.dex.DexExceptionHandler;
import com.googlecode.d2j.node.DexMethodNode;
import com.googlecode.d2j.reader.DexFileReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Takes an app's classes back out of it, for tests to run on: {@code java DexedClasses.java APK
 * CLASSES}, with dex2jar on the class path. In CLASSES there are then the classes of the app and
 * its libraries as R8 left them, and the libraries' own files.
 */
class DexedClasses {

  private static final int STACK_OF_A_HANDLER = 16; // more than any here needs

  private static final Map<String, Boolean> INTERFACES = new HashMap<>();

  public static void main(String[] arguments) throws IOException {
    Path apk = Path.of(arguments[0]);
    Path classes = Path.of(arguments[1]);
    clear(classes);
    Failures failures = new Failures();
    try (ZipFile zip = new ZipFile(apk.toFile())) {
      for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
        ZipEntry entry = all.nextElement();
        try (InputStream in = zip.getInputStream(entry)) {
          if (entry.getName().endsWith(".dex")) {
            Dex2jar.from(new DexFileReader(in.readAllBytes()))
                .withExceptionHandler(failures)
                .skipDebug(false)
                .to(classes);
          } else if (isOfALibrary(entry.getName())) {
            Path file = classes.resolve(entry.getName());
            Files.createDirectories(file.getParent());
            Files.copy(in, file);
          }
        }
      }
    }
    for (Path file : filesBelow(classes)) {
      if (file.toString().endsWith(".class")) {
        repair(file, classes);
      }
    }
    if (!failures.messages.isEmpty()) {
      throw new IOException("dex2jar failed: " + String.join("; ", failures.messages));
    }
  }

  /**
   * Repairs what dex2jar leaves wrong. A dex does not say of a static call whether it is of an
   * interface, as a class file does. And the stack that handlers of exceptions need is not counted
   * in some methods, of which Java, which verifies nothing here, would crash.
   */
  private static void repair(Path file, Path classes) throws IOException {
    ClassWriter writer = new ClassWriter(0);
    new ClassReader(Files.readAllBytes(file))
        .accept(
            new ClassVisitor(Opcodes.ASM9, writer) {
              @Override
              public MethodVisitor visitMethod(
                  int access, String name, String descriptor, String signature, String[] thrown) {
                return new MethodVisitor(
                    Opcodes.ASM9, super.visitMethod(access, name, descriptor, signature, thrown)) {
                  @Override
                  public void visitMethodInsn(
                      int code, String owner, String called, String type, boolean isInterface) {
                    boolean known = isInterface || code == Opcodes.INVOKEVIRTUAL;
                    super.visitMethodInsn(
                        code,
                        owner,
                        called,
                        type,
                        known ? isInterface : isInterface(owner, classes));
                  }

                  @Override
                  public void visitMaxs(int stack, int locals) {
                    super.visitMaxs(stack + STACK_OF_A_HANDLER, locals);
                  }
                };
              }
            },
            0);
    Files.write(file, writer.toByteArray());
  }

  private static boolean isInterface(String name, Path classes) {
    return INTERFACES.computeIfAbsent(
        name,
        unknown -> {
          Path file = classes.resolve(name + ".class");
          try (InputStream in =
              Files.exists(file)
                  ? Files.newInputStream(file)
                  : ClassLoader.getSystemResourceAsStream(name + ".class")) {
            return in != null && (new ClassReader(in).getAccess() & Opcodes.ACC_INTERFACE) != 0;
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private static boolean isOfALibrary(String name) {
    return !name.startsWith("res/")
        && !name.equals("resources.arsc")
        && !name.equals("AndroidManifest.xml");
  }

  private static void clear(Path folder) throws IOException {
    if (Files.exists(folder)) {
      for (Path file : filesBelow(folder)) {
        Files.delete(file);
      }
    }
    Files.createDirectories(folder);
  }

  /** All, and folders after what is in them. */
  private static List<Path> filesBelow(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.sorted(Comparator.reverseOrder()).collect(Collectors.toList());
    }
  }

  /** dex2jar would leave out what it cannot translate. */
  private static final class Failures implements DexExceptionHandler {
    private final List<String> messages = new ArrayList<>();

    @Override
    public void handleFileException(Exception e) {
      messages.add(e.toString());
    }

    @Override
    public void handleMethodTranslateException(
        Method method, DexMethodNode node, MethodVisitor visitor, Exception e) {
      messages.add(method + ": " + e);
    }
  }
}
