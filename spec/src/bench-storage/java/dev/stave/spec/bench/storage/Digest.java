package dev.stave.spec.bench.storage;

/** Looks at what is read, so that nobody can leave it out, and sums it up in one number. */
final class Digest implements Engine.Visitor {

  private long rows;
  private long sum;

  @Override
  public void row(byte[] key, byte[] value, int valueLength) {
    rows++;
    sum += valueLength + (value[0] & 0xff) + ((value[valueLength / 2] & 0xff) << 8);
  }

  long rows() {
    return rows;
  }

  /** Exact as a double for the amounts that are read here. */
  double sum() {
    return sum;
  }
}
