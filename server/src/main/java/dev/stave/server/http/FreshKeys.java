package dev.stave.server.http;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows new clients what is in the {@link TlsFiles} now: a certificate that is renewed is taken up
 * without a restart. Files that are no good leave the one of before, and are told of in the log.
 */
final class FreshKeys extends X509ExtendedKeyManager {

  private static final Logger LOG = LoggerFactory.getLogger(FreshKeys.class);

  /** The files are looked at no more often. */
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** One reading of the files. A handshake has its key and its certificate from the same. */
  private record Generation(
      long number, X509ExtendedKeyManager keys, @Nullable Generation before, List<String> stamps) {

    @Nullable String numbered(@Nullable String alias) {
      return alias == null ? null : number + ":" + alias;
    }
  }

  private final TlsFiles files;
  private Generation latest;
  private long looked = System.nanoTime();

  private FreshKeys(TlsFiles files) {
    this.files = files;
    List<String> stamps = stamps();
    this.latest = new Generation(0, files.read(), null, stamps);
  }

  /**
   * For the server's side of connections.
   *
   * @throws HttpServerException if the files are no good
   */
  static SSLContext context(TlsFiles files) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {new FreshKeys(files)}, null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new HttpServerException("this Java has no TLS: " + e.getMessage());
    }
  }

  private synchronized Generation latest() {
    if (System.nanoTime() - looked >= LOOK_NANOS) {
      looked = System.nanoTime();
      List<String> stamps = stamps();
      if (!stamps.equals(latest.stamps())) {
        latest = next(stamps);
      }
    }
    return latest;
  }

  private Generation next(List<String> stamps) {
    Generation one =
        new Generation(latest.number(), latest.keys(), null, stamps); // not looked at again
    try {
      X509ExtendedKeyManager keys = files.read();
      LOG.info("the TLS certificate is taken from {} anew", files.paths());
      return new Generation(one.number() + 1, keys, one, stamps);
    } catch (HttpServerException e) {
      LOG.error("the TLS certificate of before is kept: {}", e.getMessage());
      return one;
    }
  }

  /** What tells that a file has changed. */
  private List<String> stamps() {
    List<String> stamps = new ArrayList<>();
    for (Path file : files.paths()) {
      try {
        stamps.add(Files.getLastModifiedTime(file) + " " + Files.size(file));
      } catch (IOException e) {
        stamps.add("gone");
      }
    }
    return stamps;
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
    Generation now = latest();
    return now.numbered(now.keys().chooseEngineServerAlias(keyType, issuers, engine));
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, Socket socket) {
    Generation now = latest();
    return now.numbered(now.keys().chooseServerAlias(keyType, issuers, socket));
  }

  private synchronized X509ExtendedKeyManager keys(String numbered) {
    long number = Long.parseLong(numbered.substring(0, numbered.indexOf(':')));
    Generation before = latest.before();
    return before != null && before.number() == number ? before.keys() : latest.keys();
  }

  private static String plain(String numbered) {
    return numbered.substring(numbered.indexOf(':') + 1);
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    return keys(alias).getCertificateChain(plain(alias));
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    return keys(alias).getPrivateKey(plain(alias));
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return latest().keys().getServerAliases(keyType, issuers);
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return null; // a server is no client
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyType, Principal @Nullable [] issuers, Socket socket) {
    return null;
  }
}
