package dev.stave.sync.http;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How to log in at a server. Its text says nothing of what is in it. */
public final class Credentials {

  private static final Credentials NONE = new Credentials(Map.of(), null, null);

  private final Map<String, String> headers;
  private final @Nullable String sessionUser;
  private final @Nullable String sessionPassword;

  private Credentials(
      Map<String, String> headers, @Nullable String sessionUser, @Nullable String sessionPassword) {
    this.headers = Map.copyOf(headers);
    this.sessionUser = sessionUser;
    this.sessionPassword = sessionPassword;
  }

  /** Nobody. */
  public static Credentials none() {
    return NONE;
  }

  /** Name and password with each request. */
  public static Credentials basic(String user, String password) {
    byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return NONE.with("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
  }

  /** Name and password once, for a cookie that is sent from then on. */
  public static Credentials cookie(String user, String password) {
    return new Credentials(Map.of(), user, password);
  }

  /** A token, such as a JWT. */
  public static Credentials bearer(String token) {
    return NONE.with("Authorization", "Bearer " + token);
  }

  /** These, and a header that is sent with each request. */
  public Credentials with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Credentials(more, sessionUser, sessionPassword);
  }

  boolean isNone() {
    return headers.isEmpty() && sessionUser == null;
  }

  Map<String, String> headers() {
    return headers;
  }

  @Nullable String sessionUser() {
    return sessionUser;
  }

  @Nullable String sessionPassword() {
    return sessionPassword;
  }

  @Override
  public String toString() {
    return isNone() ? "no credentials" : "credentials";
  }
}
