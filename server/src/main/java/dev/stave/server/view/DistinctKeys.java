package dev.stave.server.view;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;

/** About how many different keys there are: HyperLogLog with 2^11 registers, as CouchDB's. */
final class DistinctKeys implements Reducer {

  private static final int BITS = 11;
  private static final int REGISTERS = 1 << BITS;
  private static final double BIAS = 0.7213 / (1 + 1.079 / REGISTERS);

  private final byte[] registers = new byte[REGISTERS];

  @Override
  public void add(ViewRow row) {
    long hash = hash(ViewKey.of(row.key()));
    int register = (int) (hash >>> Long.SIZE - BITS);
    int rank = Long.numberOfLeadingZeros(hash << BITS | 1L << BITS - 1) + 1;
    registers[register] = (byte) Math.max(registers[register], rank);
  }

  private static long hash(byte[] bytes) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : bytes) {
      hash = (hash ^ b & 0xff) * 0x100000001b3L;
    }
    hash = (hash ^ hash >>> 30) * 0xbf58476d1ce4e5b9L;
    hash = (hash ^ hash >>> 27) * 0x94d049bb133111ebL;
    return hash ^ hash >>> 31;
  }

  @Override
  public JsonNode result() {
    double sum = 0;
    int empty = 0;
    for (byte register : registers) {
      sum += Math.scalb(1.0, -register);
      empty += register == 0 ? 1 : 0;
    }
    double estimate = BIAS * REGISTERS * REGISTERS / sum;
    boolean isFew = estimate <= 2.5 * REGISTERS && empty > 0;
    return LongNode.valueOf(
        Math.round(isFew ? REGISTERS * Math.log((double) REGISTERS / empty) : estimate));
  }
}
