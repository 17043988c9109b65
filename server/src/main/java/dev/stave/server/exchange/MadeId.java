package dev.stave.server.exchange;

import java.util.UUID;

/** An id for a document that came without one: 32 hex digits, of which 122 bits are random. */
public final class MadeId {

  private MadeId() {}

  public static String next() {
    return UUID.randomUUID().toString().replace("-", "");
  }
}
