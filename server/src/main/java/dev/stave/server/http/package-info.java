/**
 * CouchDB's protocol over HTTP/1.1 and HTTP/2.
 *
 * <p>Door: {@link dev.stave.server.http.HttpServer}. The walk of a request: {@code RequestHandler}
 * takes it to a worker thread, {@code Admission} finds out who asks, {@code Router} finds the
 * {@code Endpoint}, which reads the {@code Request} and gives a {@code Reply}.
 */
@NullMarked
package dev.stave.server.http;

import org.jspecify.annotations.NullMarked;
