package dev.stave.spec.bench.query;

import java.util.List;
import java.util.Map;

/** Orders by id and by what is in them: what the race asks of everybody. For one thread. */
interface Engine extends AutoCloseable {

  /** Stores the bodies under the ids of {@code first} and the numbers after it. On disk then. */
  void insert(int first, List<byte[]> bodies);

  /** The length of the body of {@code id}, which was read. */
  int get(String id);

  /** The ids of the answer. The bodies of them were read too. */
  List<String> find(Question question);

  /** Sets the status of each id. On disk then. */
  void setStatus(Map<String, String> byId);

  /** Waits until nothing that was put off is running or due. */
  default void settle() {}

  /** Of processes that are not this one. */
  default long serverCpuNanos() {
    return 0;
  }

  @Override
  void close();
}
