package dev.stave.spec.crash;

import dev.stave.database.AttachmentUpload;
import dev.stave.database.Database;
import dev.stave.database.DatabaseOptions;
import dev.stave.database.WriteBatch;
import dev.stave.document.Attachment;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.revision.RevisionId;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;

/**
 * Writes to a database until it is killed, and tells each commit before and after it:
 *
 * <pre>
 * try put ID N | try batch B N | try delete ID      ID of a document, N its number, B of a batch
 * ack                                               what was tried last is durable
 * </pre>
 *
 * A document holds its number and noise made from it, and some have an attachment that follows from
 * it, so that a reader can tell every byte. The documents of one batch carry the same number.
 */
final class CrashWriter {

  static final int DOCUMENTS = 60;
  static final int BATCHES = 8;
  static final int BATCH_SIZE = 5;

  private static final int LARGE = 100_000;

  /** Documents of this name fill a memtable within a few commits. */
  private static final String BULKY = "bulky-";

  private static final int BULKY_SIZE = 300_000;

  /** So little that there is always a memtable to be written, and segments to be merged. */
  private static final long MEMORY = 1 << 20;

  private CrashWriter() {}

  /** Arguments: folder, seed, and the first number that no document of it has. */
  public static void main(String[] args) {
    Random random = new Random(Long.parseLong(args[1]));
    long number = Long.parseLong(args[2]);
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.US_ASCII);
    try (Database database =
        Database.open(Path.of(args[0]), DatabaseOptions.DEFAULT.withMemoryBytes(MEMORY))) {
      while (true) {
        number++;
        if (random.nextInt(150) == 0) {
          database.compact();
        }
        int kind = random.nextInt(10);
        if (kind < 5) {
          boolean bulky = random.nextInt(5) == 0;
          String id = bulky ? BULKY + random.nextInt(3) : "single-" + random.nextInt(DOCUMENTS);
          out.println("try put " + id + " " + number);
          putWithAttachment(database, id, number);
        } else if (kind < 7) {
          String id = "single-" + random.nextInt(DOCUMENTS);
          Document known = database.get(id).orElse(null);
          if (known == null) {
            continue;
          }
          out.println("try delete " + id);
          database.delete(id, known.revision());
        } else {
          int batch = random.nextInt(BATCHES);
          out.println("try batch " + batch + " " + number);
          WriteBatch all = new WriteBatch();
          for (int i = 0; i < BATCH_SIZE; i++) {
            put(all, database, batchId(batch, i), number);
          }
          database.write(all);
        }
        out.println("ack");
      }
    }
  }

  static String batchId(int batch, int document) {
    return "batch-" + batch + "-" + document;
  }

  private static WriteBatch put(WriteBatch batch, Database database, String id, long number) {
    JsonObject body = body(id, number);
    RevisionId known = database.get(id).map(Document::revision).orElse(null);
    return batch.put(id, known, body, Map.of());
  }

  private static void putWithAttachment(Database database, String id, long number) {
    byte[] bytes = attachment(id, number);
    if (bytes.length == 0) {
      database.write(put(new WriteBatch(), database, id, number));
      return;
    }
    RevisionId known = database.get(id).map(Document::revision).orElse(null);
    try (AttachmentUpload upload = database.attachments().begin("a/b")) {
      upload.write(bytes);
      Map<String, Attachment> one = Map.of("noise", upload.finish());
      database.write(new WriteBatch().put(id, known, body(id, number), one));
    }
  }

  /** The attachment that it is put with, one document in three; none if it is empty. */
  static byte[] attachment(String id, long number) {
    if (number % 3 != 0 || id.startsWith("batch-")) {
      return new byte[0];
    }
    Random random = new Random(number / 3 % 5); // documents share some
    byte[] bytes = new byte[1 + random.nextInt(800_000)];
    random.nextBytes(bytes);
    return bytes;
  }

  /**
   * The body of document {@code id} with that number. Some are large, so that segments are made.
   */
  static JsonObject body(String id, long number) {
    Random random = new Random(number * 31 + id.hashCode());
    int most = id.startsWith(BULKY) ? BULKY_SIZE : random.nextInt(6) == 0 ? LARGE : 200;
    int length = random.nextInt(most);
    StringBuilder block = new StringBuilder();
    for (int i = 0; i < 97; i++) {
      block.append((char) ('a' + random.nextInt(26)));
    }
    StringBuilder noise = new StringBuilder(length + block.length());
    while (noise.length() < length) {
      noise.append(block);
    }
    return JsonObject.parse(
        "{\"number\": "
            + number
            + ", \"parity\": \""
            + (number % 2 == 0 ? "even" : "odd")
            + "\", \"nested\": {\"tens\": ["
            + number % 10
            + ", "
            + number % 100 / 10
            + "]}, \"noise\": \""
            + noise
            + "\"}");
  }
}
