/**
 * What a request and its reply are, whatever is asked.
 *
 * <p>Doors: {@code RequestHandler}, which takes a request to a worker thread and has {@code Routes}
 * answer it; {@code Request}, {@code Reply} and {@code JsonReply}; {@code LiveStream} for replies
 * without an end; {@code Failures}, which makes a reply of whatever is thrown.
 */
@NullMarked
package dev.stave.server.exchange;

import org.jspecify.annotations.NullMarked;
