package dev.stave.bytes;

/**
 * CRC-32C (Castagnoli), the checksum of every log record and stored value.
 *
 * <p>Our own, since {@code java.util.zip.CRC32C} is not on Android 8. Eight tables, so that eight
 * bytes go in at a time: about 2 GB/s on a desktop, where a table alone gives 0.4.
 */
public final class Crc32c {

  private static final int POLYNOMIAL = 0x82f63b78; // reflected
  private static final int[][] TABLES = tables();

  private Crc32c() {}

  public static int of(byte[] bytes, int offset, int length) {
    return update(0, bytes, offset, length);
  }

  /** The checksum of what {@code crc} is the checksum of, followed by these bytes. */
  public static int update(int crc, byte[] bytes, int offset, int length) {
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
    return ~state;
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
