package dev.stave.server.graphql.transport;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.json.InvalidJsonException;
import dev.stave.json.JsonObject;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.graphql.GraphQLReply;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.BufferedBinaryMessage;
import io.undertow.websockets.core.BufferedTextMessage;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;
import org.xnio.XnioExecutor;

/**
 * One WebSocket, which speaks graphql-transport-ws: any number of operations at once, each with an
 * id of the client's.
 */
final class Socket implements AutoCloseable {

  /*
   * What comes in is handled one message after the other, on worker threads; the next is not read
   * before that, nor while there is no room in the outbox. What goes out is the outbox's.
   */

  /** The name of the protocol, in the handshake. */
  static final String PROTOCOL = "graphql-transport-ws";

  /** Operations of one connection at once; the next is refused with an error. */
  static final int MAX_OPERATIONS = 1_000;

  /** A client says `connection_init` in this time. */
  static final int INIT_MILLIS = 10_000;

  /** Between two pings. Who has not answered one when the next is due, is gone. */
  static final int PING_MILLIS = 25_000;

  /** The longest message of a client; what is longer is POSTed. */
  static final int MAX_MESSAGE_BYTES = 256 << 10;

  /** The longest id of an operation, in characters. */
  static final int MAX_ID = 256;

  /** Time for a client to close the connection too; after it, it is cut off. */
  private static final int CLOSE_MILLIS = 1_000;

  /** How the protocol says what the client did wrong. */
  private enum Wrong {
    GOING_AWAY(1001, "The server is stopping: connect again"),
    INTERNAL(1011, "Internal error"),
    INVALID(4400, "Invalid message"),
    UNAUTHORIZED(4401, "Unauthorized"),
    FORBIDDEN(4403, "Not let in any more: log in, and connect again"),
    INIT_TIMEOUT(4408, "Connection initialisation timeout"),
    NOT_UNIQUE(4409, "Subscriber already exists"),
    INIT_AGAIN(4429, "Too many initialisation requests");

    private final int code;
    private final String reason;

    Wrong(int code, String reason) {
      this.code = code;
      this.reason = reason;
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(Socket.class);

  /** One operation that goes on. */
  private record Operation(String id, Results results, Runnable leave) {}

  private final WebSocketChannel channel;
  private final Runnable admission;
  private final Function<Asked, GraphQLReply> answer;
  private final Supplier<Runnable> place;
  private final Map<String, Operation> operations = new HashMap<>(); // under this, and all below
  private final Outbox outbox;
  private boolean initialised;
  private boolean closed;
  private boolean answered = true; // the last ping
  private XnioExecutor.@Nullable Key timer;

  /**
   * @param admission throws if whoever opened it is not let in any more
   * @param answer answers what the client asks
   * @param place takes a place for one more operation, which the task that it gives lets go of
   */
  Socket(
      WebSocketChannel channel,
      Runnable admission,
      Function<Asked, GraphQLReply> answer,
      Supplier<Runnable> place) {
    this.channel = channel;
    this.admission = admission;
    this.answer = answer;
    this.place = place;
    this.outbox =
        new Outbox(channel, this::execute, this::complete, this::listen, () -> end(Wrong.INTERNAL));
  }

  /** Begins to listen; {@code whenOver} is run when the connection is closed. */
  void begin(Runnable whenOver) {
    channel.getReceiveSetter().set(new Listener());
    channel.addCloseTask(
        same -> {
          close();
          whenOver.run();
        });
    after(INIT_MILLIS, this::requireInitialised);
    channel.resumeReceives();
  }

  private synchronized void after(int millis, Runnable task) {
    if (!closed) {
      timer =
          channel.getIoThread().executeAfter(() -> execute(task), millis, TimeUnit.MILLISECONDS);
    }
  }

  private void execute(Runnable task) {
    try {
      channel.getWorker().execute(task);
    } catch (RejectedExecutionException e) {
      LOG.debug("the server has stopped, and its connections are closed", e);
    }
  }

  private void requireInitialised() {
    boolean late;
    synchronized (this) {
      late = !initialised;
    }
    if (late) {
      end(Wrong.INIT_TIMEOUT);
    } else {
      ping();
    }
  }

  private void ping() {
    synchronized (this) {
      if (!answered) {
        IoUtils.safeClose(channel);
        return;
      }
      answered = false;
    }
    if (!isLetIn()) { // whoever only listens is told, too
      end(Wrong.FORBIDDEN);
      return;
    }
    WebSockets.sendPing(ByteBuffer.allocate(0), channel, null);
    after(PING_MILLIS, this::ping);
  }

  private boolean isLetIn() {
    try {
      admission.run();
      return true;
    } catch (HttpException e) {
      return false;
    }
  }

  /** Frames, on an I/O thread. */
  private final class Listener extends AbstractReceiveListener {
    @Override
    protected long getMaxTextBufferSize() {
      return MAX_MESSAGE_BYTES;
    }

    @Override
    protected long getMaxBinaryBufferSize() {
      return 1; // there are none
    }

    @Override
    protected void onFullTextMessage(WebSocketChannel same, BufferedTextMessage message) {
      String text = message.getData();
      channel.suspendReceives();
      execute(
          () -> {
            try {
              handle(text);
            } finally {
              listen();
            }
          });
    }

    @Override
    protected void onFullBinaryMessage(WebSocketChannel same, BufferedBinaryMessage message) {
      message.getData().close();
      end(Wrong.INVALID);
    }

    @Override
    protected void onFullPongMessage(WebSocketChannel same, BufferedBinaryMessage message) {
      message.getData().close();
      synchronized (Socket.this) {
        answered = true;
      }
    }

    @Override
    protected void onError(WebSocketChannel same, Throwable failure) {
      LOG.debug("a connection is lost", failure);
      IoUtils.safeClose(channel);
    }
  }

  // What comes in

  private void listen() {
    if (outbox.hasRoom()) {
      channel.resumeReceives();
    }
  }

  private void handle(String text) {
    try {
      JsonNode message = JsonObject.parseValue(text.getBytes(StandardCharsets.UTF_8));
      handle(message.path("type").asText(), message);
    } catch (InvalidJsonException e) {
      end(Wrong.INVALID);
    } catch (RuntimeException | StackOverflowError e) {
      LOG.error("a message of a client cannot be handled", e);
      end(Wrong.INTERNAL);
    }
  }

  private void handle(String type, JsonNode message) {
    switch (type) {
      case "connection_init" -> initialise();
      case "ping" -> outbox.say(Map.of("type", "pong"));
      case "pong" -> {}
      case "subscribe" -> subscribe(message);
      case "complete" -> complete(message.path("id").asText());
      default -> end(Wrong.INVALID);
    }
  }

  private void initialise() {
    boolean again;
    synchronized (this) {
      again = initialised;
      initialised = true;
    }
    if (again) {
      end(Wrong.INIT_AGAIN);
    } else {
      outbox.say(Map.of("type", "connection_ack"));
    }
  }

  private void subscribe(JsonNode message) {
    String id = message.path("id").textValue();
    if (id == null || id.isEmpty() || id.length() > MAX_ID || !message.path("payload").isObject()) {
      end(Wrong.INVALID);
      return;
    }
    int count;
    synchronized (this) {
      if (!initialised || operations.containsKey(id)) {
        end(initialised ? Wrong.NOT_UNIQUE : Wrong.UNAUTHORIZED);
        return;
      }
      count = operations.size();
    }
    if (!isLetIn()) {
      end(Wrong.FORBIDDEN);
      return;
    }
    try {
      if (count >= MAX_OPERATIONS) {
        throw new HttpException(
            429,
            "LIMIT_OPERATIONS",
            "a connection has " + MAX_OPERATIONS + " operations at once: complete some first");
      }
      start(id, answer.apply(Asked.of(message.path("payload"))));
    } catch (RuntimeException e) {
      outbox.say(Map.of("id", id, "type", "error", "payload", ReplyJson.errors(e)));
    }
  }

  private void start(String id, GraphQLReply reply) {
    if (reply.events() != null) {
      Runnable leave = place.get();
      Operation operation = new Operation(id, Results.of(reply), leave);
      synchronized (this) {
        if (!closed) {
          operations.put(id, operation);
          leave = null;
        }
      }
      if (leave != null) {
        end(operation);
      } else {
        outbox.follow(id, operation.results());
      }
    } else if (reply.isExecuted()) {
      outbox.say(Map.of("id", id, "type", "next", "payload", reply.body()));
      outbox.say(Map.of("id", id, "type", "complete"));
    } else {
      outbox.say(Map.of("id", id, "type", "error", "payload", reply.errors()));
    }
  }

  /** The client wants no more of it, or has heard its end. */
  private void complete(String id) {
    Operation ended;
    synchronized (this) {
      ended = operations.remove(id);
    }
    outbox.forget(id);
    if (ended != null) {
      end(ended);
    }
  }

  private static void end(Operation operation) {
    operation.results().close();
    operation.leave().run();
  }

  // The end

  /** Ends it because the server stops. */
  void stop() {
    end(Wrong.GOING_AWAY);
  }

  private void end(Wrong wrong) {
    WebSockets.sendClose(wrong.code, wrong.reason, channel, null);
    close();
    channel
        .getIoThread()
        .executeAfter(() -> IoUtils.safeClose(channel), CLOSE_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Lets go of all operations. */
  @Override
  public void close() {
    List<Operation> left;
    synchronized (this) {
      closed = true;
      left = new ArrayList<>(operations.values());
      operations.clear();
      if (timer != null) {
        timer.remove();
      }
    }
    outbox.close();
    left.forEach(Socket::end);
  }
}
