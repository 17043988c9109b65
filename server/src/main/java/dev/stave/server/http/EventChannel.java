package dev.stave.server.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xnio.ChannelListeners;
import org.xnio.channels.Channels;
import org.xnio.channels.StreamSinkChannel;

/**
 * Server-sent events on their way to one client. The reply begins when the first are sent. For one
 * thread at a time.
 */
final class EventChannel {

  static final Map<String, String> HEADERS =
      Map.of("Content-Type", "text/event-stream", "Cache-Control", "no-cache");

  private static final int FULL = 64 << 10;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final Request request;
  private @Nullable StreamSinkChannel channel;
  private StringBuilder added = new StringBuilder(0);
  private ByteBuffer unsent = NOTHING;

  EventChannel(Request request) {
    this.request = request;
  }

  private StreamSinkChannel channel() {
    StreamSinkChannel begun = channel;
    if (begun == null) {
      request.begin(200, HEADERS);
      begun = request.exchange().getResponseChannel();
      channel = begun;
    }
    return begun;
  }

  /** An event without an id. */
  void add(String name, String json) {
    added.append("event: ").append(name).append("\ndata: ");
    added.append(onOneLine(json)).append("\n\n");
  }

  void add(String name, long id, String json) {
    added.append("id: ").append(id).append('\n');
    add(name, json);
  }

  /** What says nothing, but that somebody is there. */
  void addHeartbeat() {
    added.append(":\n\n");
  }

  /** In JSON an end of a line is white space; in an event it would be the end of the data. */
  private static String onOneLine(String json) {
    return json.replace('\n', ' ').replace('\r', ' ');
  }

  /** Whether what was added is enough to be sent. */
  boolean isFull() {
    return added.length() >= FULL;
  }

  /** Whether all that was added is sent. */
  boolean isSent() {
    return added.length() == 0 && !unsent.hasRemaining();
  }

  private void encode() {
    if (!unsent.hasRemaining()) {
      unsent = ByteBuffer.wrap(added.toString().getBytes(StandardCharsets.UTF_8));
      added = new StringBuilder(0); // most streams mostly have nothing to say
    }
  }

  /** Sends all, and waits for the client as long as it must. */
  void sendAndWait() throws IOException {
    encode();
    Channels.writeBlocking(channel(), unsent);
    Channels.flushBlocking(channel());
    unsent = NOTHING;
  }

  /** Sends what there is room for. Returns whether that is all. */
  boolean send() throws IOException {
    encode();
    while (unsent.hasRemaining()) {
      if (channel().write(unsent) == 0) {
        return false;
      }
    }
    unsent = NOTHING;
    return channel().flush();
  }

  /** Calls {@code task} once there is room again, on a thread that must not be held up. */
  void whenRoom(Runnable task) {
    channel()
        .getWriteSetter()
        .set(
            same -> {
              same.suspendWrites();
              task.run();
            });
    channel().resumeWrites();
  }

  /** Ends the reply, as one that is whole. */
  void end() throws IOException {
    channel().shutdownWrites();
    if (!channel().flush()) {
      channel()
          .getWriteSetter()
          .set(
              ChannelListeners.flushingChannelListener(
                  null, ChannelListeners.closingChannelExceptionHandler()));
      channel().resumeWrites();
    }
  }
}
