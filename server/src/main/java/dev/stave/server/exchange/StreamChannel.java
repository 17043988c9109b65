package dev.stave.server.exchange;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xnio.ChannelListeners;
import org.xnio.channels.Channels;
import org.xnio.channels.StreamSinkChannel;

/**
 * A reply that is sent as it comes to be, to one client. It begins when the first of it is sent.
 * For one thread at a time.
 */
public final class StreamChannel {

  /** Those of server-sent events. */
  public static final Map<String, String> EVENTS =
      Map.of("Content-Type", "text/event-stream", "Cache-Control", "no-cache");

  /** Those of one JSON value after the other. */
  public static final Map<String, String> LINES = Map.of("Content-Type", "application/json");

  private static final int FULL = 64 << 10;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final Request request;
  private final Map<String, String> headers;
  private @Nullable StreamSinkChannel channel;
  private StringBuilder added = new StringBuilder(0);
  private ByteBuffer unsent = NOTHING;

  public StreamChannel(Request request, Map<String, String> headers) {
    this.request = request;
    this.headers = headers;
  }

  private StreamSinkChannel channel() {
    StreamSinkChannel begun = channel;
    if (begun == null) {
      request.begin(200, headers);
      begun = request.exchange().getResponseChannel();
      channel = begun;
    }
    return begun;
  }

  /** Text as it is. */
  public void add(String text) {
    added.append(text);
  }

  /** JSON and the end of a line, on which it stands alone. */
  public void addLine(String json) {
    added.append(onOneLine(json)).append('\n');
  }

  /** An event without an id. */
  public void addEvent(String name, String json) {
    added.append("event: ").append(name).append("\ndata: ");
    added.append(onOneLine(json)).append("\n\n");
  }

  public void addEvent(String name, long id, String json) {
    added.append("id: ").append(id).append('\n');
    addEvent(name, json);
  }

  /** In JSON an end of a line is white space; here it would be the end of what is said. */
  private static String onOneLine(String json) {
    return json.replace('\n', ' ').replace('\r', ' ');
  }

  /** Whether what was added is enough to be sent. */
  public boolean isFull() {
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
  public void sendAndWait() throws IOException {
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
