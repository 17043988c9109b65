package dev.stave.spec.bench.http;

import dev.stave.database.Database;
import dev.stave.database.DatabaseOptions;
import dev.stave.database.WriteBatch;
import dev.stave.json.JsonObject;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What {@code _bulk_docs} does, without HTTP: in a process of its own, with the same batches. */
public final class EmbeddedBulk {

  private EmbeddedBulk() {}

  /** Folder, batches that do not count, batches that do. Prints seconds and CPU seconds. */
  public static void main(String[] arguments) {
    int warm = Integer.parseInt(arguments[1]);
    int batches = Integer.parseInt(arguments[2]);
    try (Database database = Database.open(Path.of(arguments[0]), DatabaseOptions.DEFAULT)) {
      for (int i = 0; i < warm; i++) {
        write(database, i, documents(i));
      }
      double seconds = 0;
      double cpu = 0;
      for (int i = warm; i < warm + batches; i++) {
        List<byte[]> documents = documents(i); // made beforehand, as the server's client does
        long start = System.nanoTime();
        long used = processCpu();
        write(database, i, documents);
        seconds += System.nanoTime() - start;
        cpu += processCpu() - used;
      }
      System.out.println(seconds / 1e9 + " " + cpu / 1e9);
    }
  }

  private static List<byte[]> documents(int batch) {
    List<byte[]> documents = new ArrayList<>();
    for (int i = 0; i < HttpRace.BATCH; i++) {
      String json = "{" + Bodies.members((long) batch * HttpRace.BATCH + i) + "}";
      documents.add(json.getBytes(StandardCharsets.UTF_8));
    }
    return documents;
  }

  private static void write(Database database, long number, List<byte[]> documents) {
    long first = number * HttpRace.BATCH;
    WriteBatch batch = new WriteBatch();
    for (byte[] document : documents) {
      batch.put(Bodies.id(first++), null, JsonObject.parse(document));
    }
    database.writeEach(batch);
  }

  private static long processCpu() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
