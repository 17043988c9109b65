package dev.stave.server.http;

import dev.stave.server.accounts.Accounts;
import dev.stave.server.accounts.Identity;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.Request;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Finds out who asks, and refuses what that one may not ask. */
final class Admission {

  private final Accounts accounts;
  private final AccessRules access;

  /** What a request says of who it is of: null is of nothing said. */
  private record Login(@Nullable String authorization, @Nullable String cookie) {
    static Login of(Request request) {
      return new Login(
          request.header(Headers.AUTHORIZATION).orElse(null),
          request.cookie(SessionEndpoint.COOKIE).orElse(null));
    }
  }

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
    Login login = Login.of(request);
    String cookie = login.cookie();
    request.setIdentity(accounts.identify(login.authorization(), cookie));
    if (cookie != null && "cookie".equals(request.identity().by())) {
      accounts
          .renewed(cookie)
          .map(value -> SessionEndpoint.cookie(request, value))
          .ifPresent(fresh -> exchange.getResponseHeaders().put(Headers.SET_COOKIE, fresh));
    }
    access.require(request);
  }

  /**
   * Once more, when what it asked begins to go on, and while it does: accounts and rights may be
   * others by now, a token or a session over, a password another.
   *
   * @throws HttpException if whoever asked may not ask this any more
   */
  void admitStill(Request request) {
    Supplier<Optional<Identity>> again = request.identityAgain();
    if (again == null) {
      Login login = Login.of(request);
      again = accounts.again(request.identity(), login.authorization(), login.cookie());
      request.setIdentityAgain(again);
    }
    Identity now =
        again
            .get()
            .orElseThrow(
                () -> new HttpException(401, "unauthorized", "The login is over: log in again."));
    request.setIdentity(now);
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
