package dev.stave.spec.bench.storage;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * The bodies of all documents, in a file that is written once a race and mapped by each child. So
 * the making of text is on nobody's account, and every contender stores the same bytes.
 *
 * <pre>
 * file = (u32(length) JSON)*
 * </pre>
 */
public final class Corpus {

  /** One mapping holds 2 GiB; from here on the texts come round again. */
  public static final int MOST_TEXTS = 2_000_000;

  private final ByteBuffer file;
  private final int[] offsets;

  private Corpus(ByteBuffer file, int[] offsets) {
    this.file = file;
    this.offsets = offsets;
  }

  public static void write(Path path, int documents, IntFunction<byte[]> maker) throws IOException {
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(path), 1 << 16))) {
      for (int i = 0; i < Math.min(documents, MOST_TEXTS); i++) {
        byte[] json = maker.apply(i);
        out.writeInt(json.length);
        out.write(json);
      }
    }
  }

  public static Corpus open(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      ByteBuffer file = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
      int[] offsets = new int[MOST_TEXTS];
      int count = 0;
      for (int at = 0; at < file.limit(); at += Integer.BYTES + file.getInt(at)) {
        offsets[count++] = at;
      }
      return new Corpus(file, Arrays.copyOf(offsets, count));
    }
  }

  /** The body that a document gets at {@code sequence}. */
  public byte[] body(long sequence) {
    int at = offsets[(int) (sequence % offsets.length)];
    byte[] json = new byte[file.getInt(at)];
    file.get(at + Integer.BYTES, json);
    return json;
  }
}
