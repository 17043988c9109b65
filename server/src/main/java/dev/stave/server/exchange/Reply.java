package dev.stave.server.exchange;

import java.io.IOException;

/** What an endpoint has to say. It sends itself. */
public interface Reply {

  void send(Request request) throws IOException;
}
