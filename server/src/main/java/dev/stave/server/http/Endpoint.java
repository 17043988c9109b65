package dev.stave.server.http;

import java.io.IOException;

/** Answers the requests of one method at one kind of path, on a worker thread. */
@FunctionalInterface
interface Endpoint {

  Reply answer(Request request) throws IOException;
}
