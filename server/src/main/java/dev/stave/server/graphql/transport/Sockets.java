package dev.stave.server.graphql.transport;

import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.LiveStreams;
import dev.stave.server.exchange.Reply;
import dev.stave.server.exchange.Request;
import dev.stave.server.graphql.GraphQLReply;
import io.undertow.util.Headers;
import io.undertow.util.Methods;
import io.undertow.websockets.WebSocketConnectionCallback;
import io.undertow.websockets.WebSocketProtocolHandshakeHandler;
import io.undertow.websockets.core.protocol.Handshake;
import io.undertow.websockets.core.protocol.version13.Hybi13Handshake;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;

/** All WebSockets that are open. */
final class Sockets {

  private static final Handshake HANDSHAKE = new Hybi13Handshake(Set.of(Socket.PROTOCOL), false);

  private final LiveStreams streams;
  private final Predicate<Request> trustsPage;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile boolean ended;

  /** {@code trustsPage} says whether a page of another site may use a visitor's cookie. */
  Sockets(LiveStreams streams, Predicate<Request> trustsPage) {
    this.streams = streams;
    this.trustsPage = trustsPage;
  }

  /**
   * Answers {@code request} by a WebSocket, over which {@code answer} is asked.
   *
   * @param admission throws if whoever opened it is not let in any more
   */
  Reply open(Request request, Runnable admission, Function<Asked, GraphQLReply> answer) {
    requireOwnPage(request);
    if (!request.exchange().getRequestMethod().equals(Methods.GET)) { // one may stand for another
      throw HttpException.badRequest("a WebSocket is opened by GET");
    }
    boolean isVersion13 = request.header(Headers.SEC_WEB_SOCKET_VERSION).orElse("").equals("13");
    if (!isVersion13 || request.header(Headers.SEC_WEB_SOCKET_KEY).isEmpty()) {
      throw HttpException.badRequest("a WebSocket is opened as its version 13 has it");
    }
    String protocols = request.header(Headers.SEC_WEB_SOCKET_PROTOCOL).orElse("");
    boolean speaks = List.of(protocols.trim().split("\\s*,\\s*")).contains(Socket.PROTOCOL);
    if (!speaks) {
      throw HttpException.badRequest(
          "a WebSocket for GraphQL speaks " + Socket.PROTOCOL + ", not: " + protocols);
    }
    admission.run(); // what it is let in by is kept, and looked at from now on
    return same -> upgrade(same, admission, answer);
  }

  /** A page of another site could open one too, with the cookie of whoever looks at it. */
  private void requireOwnPage(Request request) {
    String origin = request.header(Headers.ORIGIN).orElse("");
    String host = request.header(Headers.HOST).orElse("");
    String own = origin.substring(origin.indexOf("://") < 0 ? 0 : origin.indexOf("://") + 3);
    if (!origin.isEmpty() && !own.equalsIgnoreCase(host) && !trustsPage.test(request)) {
      throw new HttpException(
          403,
          "forbidden",
          "a page of "
              + origin.toLowerCase(Locale.ROOT)
              + " may not open a WebSocket here: cors/origins allows it to");
    }
  }

  private void upgrade(Request request, Runnable admission, Function<Asked, GraphQLReply> answer)
      throws IOException {
    Runnable leave = streams.enter();
    request.exchange().getConnection().addCloseListener(same -> leave.run());
    WebSocketConnectionCallback begin =
        (exchange, channel) -> begin(new Socket(channel, admission, answer, streams::enter), leave);
    try {
      new WebSocketProtocolHandshakeHandler(List.of(HANDSHAKE), begin)
          .handleRequest(request.exchange());
    } catch (Exception e) {
      leave.run();
      throw new IOException("no WebSocket was opened", e);
    }
  }

  private void begin(Socket socket, Runnable leave) {
    open.add(socket);
    socket.begin(
        () -> {
          open.remove(socket);
          leave.run();
        });
    if (ended) {
      socket.stop();
    }
  }

  /** Ends all, with a word that says why. */
  void end() {
    ended = true;
    open.forEach(Socket::stop);
  }
}
