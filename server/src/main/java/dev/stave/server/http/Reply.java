package dev.stave.server.http;

import java.io.IOException;

/** What an endpoint has to say. It sends itself. */
interface Reply {

  void send(Request request) throws IOException;
}
