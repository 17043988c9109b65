package dev.stave.bytes;

import java.util.zip.Checksum;

/**
 * CRC-32C (Castagnoli), the checksum of everything that is stored.
 *
 * <p>The runtime's own where it has one, since that one uses the processor's instruction: 15 GB/s
 * where tables give 2. Android has it from 14 on, and Stave runs on 8: hence the tables, and hence
 * the class is looked up by name.
 */
public final class Crc32c {

  private static final String OF_THE_RUNTIME = "java.util.zip.CRC32C";

  private static final ThreadLocal<Checksum> CHECKSUM = ThreadLocal.withInitial(Crc32c::create);

  private Crc32c() {}

  public static int of(byte[] bytes, int offset, int length) {
    Checksum checksum = CHECKSUM.get();
    checksum.reset();
    checksum.update(bytes, offset, length);
    return (int) checksum.getValue();
  }

  /** A new one, for bytes that come in pieces. */
  public static Checksum create() {
    try {
      return (Checksum) Class.forName(OF_THE_RUNTIME).getConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      return new ByTables();
    }
  }

  /** Eight tables, so that eight bytes go in at a time. */
  static final class ByTables implements Checksum {
    private static final int POLYNOMIAL = 0x82f63b78; // reflected
    private static final int[][] TABLES = tables();

    private int crc;

    @Override
    public void reset() {
      crc = 0;
    }

    @Override
    public long getValue() {
      return crc & 0xffff_ffffL;
    }

    @Override
    public void update(int oneByte) {
      update(new byte[] {(byte) oneByte}, 0, 1);
    }

    @Override
    public void update(byte[] bytes, int offset, int length) {
      int state = ~crc;
      int i = offset;
      int end = offset + length;
      for (; end - i >= 8; i += 8) {
        state ^= littleEndian(bytes, i);
        int high = littleEndian(bytes, i + 4);
        state =
            TABLES[7][state & 0xff]
                ^ TABLES[6][state >>> 8 & 0xff]
                ^ TABLES[5][state >>> 16 & 0xff]
                ^ TABLES[4][state >>> 24]
                ^ TABLES[3][high & 0xff]
                ^ TABLES[2][high >>> 8 & 0xff]
                ^ TABLES[1][high >>> 16 & 0xff]
                ^ TABLES[0][high >>> 24];
      }
      for (; i < end; i++) {
        state = (state >>> 8) ^ TABLES[0][(state ^ bytes[i]) & 0xff];
      }
      crc = ~state;
    }

    private static int littleEndian(byte[] bytes, int i) {
      return (bytes[i] & 0xff)
          | ((bytes[i + 1] & 0xff) << 8)
          | ((bytes[i + 2] & 0xff) << 16)
          | (bytes[i + 3] << 24);
    }

    private static int[][] tables() {
      int[][] tables = new int[8][256];
      for (int n = 0; n < 256; n++) {
        int crc = n;
        for (int bit = 0; bit < 8; bit++) {
          crc = (crc & 1) == 0 ? crc >>> 1 : (crc >>> 1) ^ POLYNOMIAL;
        }
        tables[0][n] = crc;
      }
      for (int n = 0; n < 256; n++) {
        for (int table = 1; table < 8; table++) {
          int crc = tables[table - 1][n];
          tables[table][n] = (crc >>> 8) ^ tables[0][crc & 0xff];
        }
      }
      return tables;
    }
  }
}
