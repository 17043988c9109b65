package dev.stave.server.http;

import dev.stave.server.accounts.Accounts;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.Request;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;

/** Finds out who asks, and refuses what that one may not ask. */
final class Admission {

  private final Accounts accounts;
  private final AccessRules access;

  Admission(Accounts accounts, AccessRules access) {
    this.accounts = accounts;
    this.access = access;
  }

  /**
   * Sets {@link Request#identity}.
   *
   * @throws HttpException if that one may not ask this
   */
  void admit(Request request) {
    HttpServerExchange exchange = request.exchange();
    String host = exchange.getHostName();
    if (!accounts.areClosed() && !Loopback.isName(host)) {
      throw new HttpException( // a page of another site may make its name lead here
          403, "forbidden", "the Host header must name this machine, such as localhost: " + host);
    }
    String cookie = request.cookie(SessionEndpoint.COOKIE).orElse(null);
    String authorization = exchange.getRequestHeaders().getFirst(Headers.AUTHORIZATION);
    request.setIdentity(accounts.identify(authorization, cookie));
    if (cookie != null && "cookie".equals(request.identity().by())) {
      accounts
          .renewed(cookie)
          .map(value -> SessionEndpoint.cookie(request, value))
          .ifPresent(fresh -> exchange.getResponseHeaders().put(Headers.SET_COOKIE, fresh));
    }
    access.require(request);
  }

  /**
   * Once more, when what it asked goes on: accounts and rights may be others by now, and a token or
   * a session over.
   *
   * @throws HttpException if whoever asked may not ask this any more
   */
  void admitStill(Request request) {
    if (request.identityEnds() == Request.UNKNOWN) {
      String cookie = request.cookie(SessionEndpoint.COOKIE).orElse(null);
      String authorization = request.header(Headers.AUTHORIZATION).orElse(null);
      request.setIdentityEnds(accounts.endOf(request.identity(), authorization, cookie));
    }
    if (System.currentTimeMillis() >= request.identityEnds()) {
      throw new HttpException(401, "unauthorized", "The session is over: log in again.");
    }
    request.setIdentity(accounts.now(request.identity()));
    access.require(request);
  }

  /**
   * Once more, when it asks something else.
   *
   * @throws HttpException if whoever asks may not ask this
   */
  void admitRewritten(Request request) {
    access.require(request);
  }
}
