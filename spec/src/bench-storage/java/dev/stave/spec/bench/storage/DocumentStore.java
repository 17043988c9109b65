package dev.stave.spec.bench.storage;

/** Where threads put documents, one durable commit each. Any thread may call it. */
interface DocumentStore extends AutoCloseable {

  /** Returns when the disk has it. */
  void put(long number);

  @Override
  void close();
}
