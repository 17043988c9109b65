package dev.stave.server.http;

import java.io.IOException;
import java.util.Map;

/** The client has it already. */
record NotModified(String etag) implements Reply {

  @Override
  public void send(Request request) throws IOException {
    request.begin(304, Map.of("ETag", etag));
    request.output().close();
  }
}
