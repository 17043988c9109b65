package dev.stave.spec.bench.storage;

/**
 * Ordered bytes, durable: what the race asks of either side, in the form that costs each of them
 * least. Rows are handed to a visitor, so that neither has to copy for the other's sake.
 */
interface Engine extends AutoCloseable {

  /** For the use of one thread, over and over. */
  Batch batch();

  /** What is committed now. For the use of one thread. */
  Reader reader();

  /** Reads one row as it is now, all by itself. For the use of one thread. */
  void get(byte[] key, Visitor visitor);

  /** Waits until no flush and no merge is running or due. What is in the log may stay there. */
  void settle();

  @Override
  void close();

  /** Writes that become durable together. */
  interface Batch extends AutoCloseable {

    /** Neither array may be changed afterwards. */
    void put(byte[] key, byte[] value);

    void delete(byte[] key);

    /** Returns when the disk has it. The batch is empty then. */
    void commit();

    @Override
    void close();
  }

  /** Reads of one moment. */
  interface Reader extends AutoCloseable {

    /**
     * Hands the row of {@code key} to {@code visitor}.
     *
     * @throws IllegalStateException if there is no such row
     */
    void get(byte[] key, Visitor visitor);

    /** From {@code from} (included) to {@code to} (excluded), in key order. */
    void scan(byte[] from, byte[] to, Visitor visitor);

    @Override
    void close();
  }

  /** Takes a row. The arrays may be longer than what is in them, and are lent until it returns. */
  @FunctionalInterface
  interface Visitor {
    void row(byte[] key, byte[] value, int valueLength);
  }
}
