package dev.stave.storage;

import dev.stave.bytes.Crc32c;

/**
 * A Bloom filter over keys, in blocks: a key has its {@value #PROBES} bits all in one block, so
 * that a question costs reading and checking {@value #BLOCK} bytes.
 *
 * <p>It may take an absent key for present (about one in a hundred), never a present one for
 * absent.
 */
final class Filter {

  static final int BLOCK = 512;

  private static final int BITS_PER_KEY = 10;
  private static final int PROBES = 6;

  /** The most heap that one filter takes while it is made; larger segments have coarser ones. */
  private static final int MAX_BLOCKS = (8 << 20) / BLOCK;

  private final byte[] bits;
  private final int blocks;

  /** For at most about {@code keys} keys. */
  Filter(long keys) {
    long wanted = (keys * BITS_PER_KEY + BLOCK * 8 - 1) / (BLOCK * 8);
    this.blocks = (int) Math.max(1, Math.min(MAX_BLOCKS, wanted));
    this.bits = new byte[blocks * BLOCK];
  }

  int blocks() {
    return blocks;
  }

  byte[] bits() {
    return bits;
  }

  /** Adds the first {@code length} bytes of {@code key}. */
  void add(byte[] key, int length) {
    long hash = hash(key, length);
    int base = blockOf(hash, blocks) * BLOCK;
    for (int probe = 0; probe < PROBES; probe++) {
      int bit = bit(hash, probe);
      bits[base + (bit >>> 3)] |= (byte) (1 << (bit & 7));
    }
  }

  /** Which of so many blocks speaks of the key with that hash. */
  static int blockOf(long hash, int blocks) {
    return (int) (((hash >>> 32) * blocks) >>> 32);
  }

  static boolean mayContain(byte[] block, long hash) {
    for (int probe = 0; probe < PROBES; probe++) {
      int bit = bit(hash, probe);
      if ((block[bit >>> 3] & 1 << (bit & 7)) == 0) {
        return false;
      }
    }
    return true;
  }

  /** Two numbers out of the hash's lower half, and their sums: as good as six hashes. */
  private static int bit(long hash, int probe) {
    int first = (int) hash;
    int second = (int) (hash >>> 15) | 1;
    return first + probe * second & BLOCK * 8 - 1;
  }

  /** The checksum of the key, its bits mixed up: neighbours differ everywhere. */
  static long hash(byte[] key) {
    return hash(key, key.length);
  }

  private static long hash(byte[] key, int length) {
    long mixed = (Crc32c.of(key, 0, length) & 0xffff_ffffL) + ((long) length << 32);
    mixed = (mixed ^ mixed >>> 33) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
    return mixed ^ mixed >>> 33;
  }
}
