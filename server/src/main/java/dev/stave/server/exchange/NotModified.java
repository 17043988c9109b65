package dev.stave.server.exchange;

import java.io.IOException;
import java.util.Map;

/** The client has it already. */
public record NotModified(String etag) implements Reply {

  @Override
  public void send(Request request) throws IOException {
    request.begin(304, Map.of("ETag", etag));
    request.output().close();
  }
}
