package dev.stave.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stave.StaveException;
import dev.stave.bytes.Crc32c;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestTest {

  @TempDir Path path;

  private static final Manifest SOME =
      new Manifest(
          1_234_567_891,
          List.of(new Manifest.Log(35, Manifest.OPEN), new Manifest.Log(36, 48_213)),
          List.of(
              new Manifest.Rows(34, 5_033_164, 120_000, 300, List.of(31L, 33L)),
              new Manifest.Rows(1_234_567_890, 9, 1, 0, List.of())),
          Map.of(
              31L, new Manifest.Bodies(31, 16_777_216, 2_048),
              33L, new Manifest.Bodies(33, 24, 0)),
          List.of(new Manifest.TableFile(32, 1_048_576), new Manifest.TableFile(37, 4_096)));

  private Path file() {
    return path.resolve("MANIFEST");
  }

  @Test
  void write_thenRead_isTheSame() throws IOException {
    for (Manifest manifest :
        List.of(new Manifest(2, List.of(), List.of(), Map.of(), List.of()), SOME)) {
      manifest.write(new LocalDisk(), path);

      assertThat(Manifest.read(path)).isEqualTo(manifest);
    }
    assertThat(path.resolve("MANIFEST.tmp")).doesNotExist();
  }

  @Test
  void write_knownManifest_isTheTextOfTheFormat() throws IOException {
    SOME.write(new LocalDisk(), path);

    List<String> lines = Files.readAllLines(file());
    assertThat(lines.subList(0, lines.size() - 1))
        .containsExactly(
            "stave-storage 3",
            "next 1234567891",
            "log 35 open",
            "log 36 48213",
            "segment 34 5033164 120000 300 31,33",
            "segment 1234567890 9 1 0 -",
            "bodies 31 16777216 2048",
            "bodies 33 24 0",
            "table 32 1048576",
            "table 37 4096");
  }

  @Test
  void read_anyBitFlippedOrTheEndMissing_isRefused() throws IOException {
    SOME.write(new LocalDisk(), path);
    byte[] whole = Files.readAllBytes(file());
    for (int bit = 0; bit < whole.length * 8; bit++) {
      byte[] damaged = whole.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(file(), damaged);

      assertThatThrownBy(() -> Manifest.read(path))
          .isInstanceOf(StaveException.class)
          .hasMessageContaining("file=" + file());
    }
    for (int length = 0; length < whole.length; length++) {
      Files.write(file(), java.util.Arrays.copyOf(whole, length));

      assertThatThrownBy(() -> Manifest.read(path)).isInstanceOf(StaveException.class);
    }
  }

  @Test
  void read_laterVersion_isNamed() throws IOException {
    byte[] lines = "stave-storage 4\nlog 1\n".getBytes(StandardCharsets.US_ASCII);
    String crc = "crc " + Integer.toHexString(Crc32c.of(lines, 0, lines.length)) + "\n";
    Files.write(file(), lines);
    Files.write(file(), crc.getBytes(StandardCharsets.US_ASCII), StandardOpenOption.APPEND);

    assertThatThrownBy(() -> Manifest.read(path))
        .isInstanceOf(StorageException.class)
        .hasMessage(
            "written by another version of Stave (stave-storage 4), this one reads stave-storage 3:"
                + " file="
                + file());
  }

  @Test
  void read_manifestOfAnotherProgram_isRefused() throws IOException {
    Files.write(file(), "Manifest-Version: 1.0\n".getBytes(StandardCharsets.US_ASCII));

    assertThatThrownBy(() -> Manifest.read(path))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("not a Stave database");
  }

  private void write(String lines) throws IOException {
    byte[] text = lines.getBytes(StandardCharsets.US_ASCII);
    String crc = "crc " + Integer.toHexString(Crc32c.of(text, 0, text.length)) + "\n";
    Files.write(file(), text);
    Files.write(file(), crc.getBytes(StandardCharsets.US_ASCII), StandardOpenOption.APPEND);
  }

  /** Its checksum is right, and to go on with it would write over files. */
  @Test
  void read_factsThatCannotBe_areRefused() throws IOException {
    write("stave-storage 3\nnext 3\nlog 1 24\n");
    assertThat(Manifest.read(path).next()).isEqualTo(3);

    for (String facts :
        List.of(
            "log 1 24\n", // and no next
            "next 1\nlog 1 24\n",
            "next 3\nlog 1 24\nlog 1 24\n",
            "next 3\nlog 1 24\ntable 1 900\n",
            "next 3\nlog 1 24\nbodies 2 24 0\nbodies 2 24 0\n",
            "next 3\nlog -1 24\n",
            "next 3\nlog 1 -7\n",
            "next 3\nlog 1 24\nfile 2 24\n",
            "next 3\nlog 1\n",
            "next three\nlog 1 24\n")) {
      write("stave-storage 3\n" + facts);

      assertThatThrownBy(() -> Manifest.read(path))
          .as(facts)
          .isInstanceOf(CorruptStaveException.class)
          .hasMessageContaining("the manifest cannot be understood: file=" + file());
    }
  }

  /** It was taken for another program's, and salvage stayed away from it. */
  @Test
  void read_manifestOverwrittenByZeros_isDamage() throws IOException {
    for (byte[] bytes : List.of(new byte[0], new byte[300])) {
      Files.write(file(), bytes);

      assertThatThrownBy(() -> Manifest.read(path)).isInstanceOf(CorruptStaveException.class);
    }
  }
}
