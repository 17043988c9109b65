package dev.stave.server.http;

import dev.stave.server.exchange.HttpLimits;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where and how a server listens.
 *
 * @param host an address of this machine; only a loopback one while there is no administrator
 * @param port 0 for any that is free
 * @param tls the certificate, which is read again when its files change; null for no TLS
 * @param utils the folder of what is served below {@code /_utils/}, null if there is none
 */
public record ServerOptions(
    String host, int port, HttpLimits limits, @Nullable TlsFiles tls, @Nullable Path utils) {

  /** In the clear, with no more than there always is. */
  public static ServerOptions of(String host, int port, HttpLimits limits) {
    return new ServerOptions(host, port, limits, null, null);
  }

  /** These with a certificate. */
  public ServerOptions withTls(@Nullable TlsFiles files) {
    return new ServerOptions(host, port, limits, files, utils);
  }

  /** These with an admin page. */
  public ServerOptions withUtils(@Nullable Path folder) {
    return new ServerOptions(host, port, limits, tls, folder);
  }
}
