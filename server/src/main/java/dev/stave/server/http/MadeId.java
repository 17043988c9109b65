package dev.stave.server.http;

import java.util.UUID;

/** An id for a document that came without one: 32 hex digits, of which 122 bits are random. */
final class MadeId {

  private MadeId() {}

  static String next() {
    return UUID.randomUUID().toString().replace("-", "");
  }
}
