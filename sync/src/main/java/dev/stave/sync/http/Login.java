package dev.stave.sync.http;

import java.io.IOException;
import java.util.Map;
import okhttp3.FormBody;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Says who we are, to the server that was named and to no other that it may send us to: headers are
 * added to each hop, by its address. With a cookie it logs in before the first request, and once
 * more when the cookie has run out.
 */
final class Login {

  private static final int UNAUTHORIZED = 401;

  private final HttpUrl database;
  private final Credentials credentials;
  private volatile @Nullable String cookie;

  Login(HttpUrl database, Credentials credentials) {
    this.database = database;
    this.credentials = credentials;
  }

  /** {@code client}, logged in. */
  OkHttpClient in(OkHttpClient client) {
    if (credentials.isNone()) {
      return client;
    }
    OkHttpClient.Builder builder = client.newBuilder().addNetworkInterceptor(this::addHeaders);
    String user = credentials.sessionUser();
    String password = credentials.sessionPassword();
    if (user != null && password != null) {
      FormBody form = new FormBody.Builder().add("name", user).add("password", password).build();
      builder.addInterceptor(chain -> withSession(chain, client, form));
    }
    return builder.build();
  }

  private Response addHeaders(Interceptor.Chain chain) throws IOException {
    Request request = chain.request();
    if (!isOurs(request.url())) {
      return chain.proceed(request);
    }
    Request.Builder builder = request.newBuilder();
    for (Map.Entry<String, String> header : credentials.headers().entrySet()) {
      builder.header(header.getKey(), header.getValue());
    }
    String session = cookie;
    if (session != null) {
      builder.header("Cookie", session);
    }
    return chain.proceed(builder.build());
  }

  private boolean isOurs(HttpUrl url) {
    return url.scheme().equals(database.scheme())
        && url.host().equals(database.host())
        && url.port() == database.port();
  }

  private Response withSession(Interceptor.Chain chain, OkHttpClient client, FormBody form)
      throws IOException {
    String used = cookie;
    if (used == null) {
      used = logIn(client, form, null);
    }
    Response response = chain.proceed(chain.request());
    if (response.code() != UNAUTHORIZED || logIn(client, form, used) == null) {
      return response;
    }
    response.close();
    return chain.proceed(chain.request());
  }

  /** Returns the cookie, null if the server gives none. */
  private synchronized @Nullable String logIn(
      OkHttpClient client, FormBody form, @Nullable String stale) throws IOException {
    String known = cookie;
    if (known != null && !known.equals(stale)) {
      return known; // somebody else was faster
    }
    HttpUrl session = HttpWire.serverOf(database).newBuilder().addPathSegment("_session").build();
    Request request = new Request.Builder().url(session).post(form).build();
    try (Response response = client.newCall(request).execute()) {
      for (String set : response.headers("Set-Cookie")) {
        if (set.startsWith("AuthSession=") && response.isSuccessful()) {
          String given = set.split(";", 2)[0];
          cookie = given;
          return given;
        }
      }
      return null;
    }
  }
}
