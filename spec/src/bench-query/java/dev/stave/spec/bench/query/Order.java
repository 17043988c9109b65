package dev.stave.spec.bench.query;

import java.util.List;

/** What questions are asked about, of one order. */
record Order(int email, int zip, int cents, int rank, int city, int status, List<Integer> skus) {

  static final List<String> STATUS = List.of("open", "paid", "packed", "sent", "back");

  String statusText() {
    return STATUS.get(status);
  }
}
