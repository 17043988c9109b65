package dev.stave.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stave.database.Database;
import dev.stave.database.SeedFile;
import dev.stave.database.WriteBatch;
import dev.stave.json.JsonObject;
import dev.stave.sync.peer.LocalPeer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A first sync by files finds no room for them: then all comes by the feed. */
class FullDiskSeedTest {

  private static final int DOCUMENTS = 1_200;

  /** Linux has a file of which every write says that the disk is full. */
  private static final Path FULL = Paths.get("/dev/full");

  @TempDir Path folder;
  private boolean isFull;

  private void fillDisk(Path incoming, List<SeedFile> files) {
    if (isFull || !Files.isDirectory(incoming)) {
      return;
    }
    isFull = true;
    try {
      for (SeedFile file : files) {
        Path name = incoming.resolve(file.name());
        Files.deleteIfExists(name);
        Files.createSymbolicLink(name, FULL);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void firstSync_noRoomForTheFiles_comesByTheFeed_andNothingOfThemStays() {
    assumeTrue(Files.exists(FULL));
    try (Database source = Database.open(folder.resolve("source"));
        Database target = Database.open(folder.resolve("target"))) {
      WriteBatch batch = new WriteBatch();
      for (int i = 0; i < DOCUMENTS; i++) {
        batch.put("d-" + i, JsonObject.parse("{\"n\": " + i + "}"));
      }
      source.write(batch);
      List<SeedFile> files = source.seeds().give().files();
      Path incoming = folder.resolve("target/seeds/incoming");
      FaultyPeer far =
          new FaultyPeer(
              LocalPeer.of(source),
              () -> {
                fillDisk(incoming.resolve("files"), files);
                return false;
              });

      Replication.of(far, LocalPeer.of(target), ReplicationOptions.DEFAULT).start().await();

      assertThat(isFull).isTrue();
      assertThat(target.count()).isEqualTo(DOCUMENTS);
      assertThat(target.checkIndex()).isEmpty();
      assertThat(incoming).doesNotExist();
      assertThat(Replication.run(source, target).changes()).isZero();
    }
  }
}
