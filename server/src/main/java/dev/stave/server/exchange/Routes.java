package dev.stave.server.exchange;

import java.io.IOException;

/** All that can be asked of the server. */
public interface Routes {

  /** The bytes that the body of {@code request} may have. */
  int bodyLimit(Request request);

  /** Whether the body is to be taken while it comes in, by what {@link #sink} gives. */
  boolean isStreamed(Request request);

  /**
   * What takes the body of a request that {@link #isStreamed}.
   *
   * @throws HttpException if whoever asks may not
   */
  StreamedBody.Sink sink(Request request);

  /**
   * What is to be answered.
   *
   * @throws HttpException if whoever asks may not, or there is no such thing
   */
  Reply answer(Request request) throws IOException;

  /** Whether {@code request} is for something in a database that is not there any more. */
  boolean databaseIsGone(Request request);
}
