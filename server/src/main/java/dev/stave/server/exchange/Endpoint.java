package dev.stave.server.exchange;

import java.io.IOException;

/** Answers the requests of one method at one kind of path, on a worker thread. */
@FunctionalInterface
public interface Endpoint {

  public Reply answer(Request request) throws IOException;
}
