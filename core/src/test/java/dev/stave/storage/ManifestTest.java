package dev.stave.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stave.StaveException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestTest {

  @TempDir Path path;
  private Folder folder;

  @BeforeEach
  void openFolder() {
    folder = Folder.open(path);
  }

  @AfterEach
  void closeFolder() {
    folder.close();
  }

  private Path file() {
    return path.resolve("MANIFEST");
  }

  @Test
  void write_thenRead_isTheSame() throws IOException {
    for (Manifest manifest :
        List.of(new Manifest(1, List.of()), new Manifest(12, List.of(11L, 7L, 1_234_567_890L)))) {
      manifest.write(folder);

      assertThat(Manifest.read(folder)).isEqualTo(manifest);
    }
    assertThat(path.resolve("MANIFEST.tmp")).doesNotExist();
  }

  @Test
  void write_knownManifest_isTheTextOfTheFormat() throws IOException {
    new Manifest(12, List.of(11L, 7L)).write(folder);

    assertThat(Files.readAllLines(file()).subList(0, 4))
        .containsExactly("stave-storage 1", "log 12", "segment 11", "segment 7");
  }

  @Test
  void nextNumber_isAboveAllNumbers() {
    assertThat(new Manifest(1, List.of()).nextNumber()).isEqualTo(2);
    assertThat(new Manifest(12, List.of(15L, 7L)).nextNumber()).isEqualTo(16);
  }

  @Test
  void read_anyBitFlippedOrTheEndMissing_isRefused() throws IOException {
    new Manifest(12, List.of(11L, 7L)).write(folder);
    byte[] whole = Files.readAllBytes(file());
    for (int bit = 0; bit < whole.length * 8; bit++) {
      byte[] damaged = whole.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(file(), damaged);

      assertThatThrownBy(() -> Manifest.read(folder))
          .isInstanceOf(StaveException.class)
          .hasMessageContaining("file=" + file());
    }
    for (int length = 0; length < whole.length; length++) {
      Files.write(file(), java.util.Arrays.copyOf(whole, length));

      assertThatThrownBy(() -> Manifest.read(folder)).isInstanceOf(StaveException.class);
    }
  }

  @Test
  void read_laterVersion_isNamed() throws IOException {
    Files.write(file(), "stave-storage 2\nlog 1\n".getBytes(StandardCharsets.US_ASCII));

    assertThatThrownBy(() -> Manifest.read(folder))
        .isInstanceOf(StorageException.class)
        .hasMessage(
            "written by another version of Stave (stave-storage 2), this one reads stave-storage 1:"
                + " file="
                + file());
  }

  @Test
  void read_manifestOfAnotherProgram_isRefused() throws IOException {
    Files.write(file(), "Manifest-Version: 1.0\n".getBytes(StandardCharsets.US_ASCII));

    assertThatThrownBy(() -> Manifest.read(folder))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("not a Stave database");
  }
}
