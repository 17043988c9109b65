package dev.stave.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.document.Attachment;
import dev.stave.json.JsonObject;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A long attachment goes in and out of a process with little heap: 200 MiB within 32 MiB, and with
 * {@code -Pproof}, or {@code -Dstave.attachment.mib=2048 -Dstave.attachment.heap=64}, 2 GiB within
 * 64 MiB.
 */
class AttachmentHeapTest {

  private static final int MIB = Integer.getInteger("stave.attachment.mib", 200);
  private static final int HEAP = Integer.getInteger("stave.attachment.heap", 32);

  @TempDir private Path folder;

  /** What a user would do, in a process of its own. */
  static final class Child {

    private Child() {}

    /** Arguments: folder, MiB. */
    public static void main(String[] args) throws Exception {
      int mib = Integer.parseInt(args[1]);
      DatabaseOptions options = DatabaseOptions.DEFAULT.withMemoryBytes(12 << 20);
      try (Database database = Database.open(Path.of(args[0]), options)) {
        Random random = new Random(1);
        byte[] piece = new byte[1 << 20];
        try (AttachmentUpload upload = database.attachments().begin("video/mp4")) {
          for (int i = 0; i < mib; i++) {
            random.nextBytes(piece);
            upload.write(piece);
          }
          database.put("film", JsonObject.parse("{}"), Map.of("film.mp4", upload.finish()));
        }
        Attachment film = database.get("film").orElseThrow().attachments().get("film.mp4");
        Random again = new Random(1);
        byte[] expected = new byte[1 << 20];
        try (InputStream in = database.attachments().open(film)) {
          for (int i = 0; i < mib; i++) {
            again.nextBytes(expected);
            if (!java.util.Arrays.equals(in.readNBytes(1 << 20), expected)) {
              throw new AssertionError("MiB " + i + " is another");
            }
          }
        }
        System.out.println(film.length() + " bytes in and out");
      }
    }
  }

  @Test
  void attachment_muchLargerThanTheHeap_goesInAndOut() throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + HEAP + "m",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                folder.resolve("db").toString(),
                Integer.toString(MIB))
            .redirectErrorStream(true)
            .start();
    String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(child.waitFor(10, TimeUnit.MINUTES)).isTrue();
    assertThat(said).isEqualTo(((long) MIB << 20) + " bytes in and out\n");
    assertThat(DatabaseCheck.of(folder.resolve("db")).problems()).isEmpty();
  }
}
