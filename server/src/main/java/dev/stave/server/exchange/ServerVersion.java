package dev.stave.server.exchange;

import java.util.Optional;

/** Which Stave this is. */
public final class ServerVersion {

  /** The CouchDB whose protocol is spoken; clients look at it to see what they may use. */
  public static final String COUCHDB = "3.4.3";

  private ServerVersion() {}

  /** The version in the jar's manifest, {@code development} where there is no jar. */
  public static String stave() {
    return Optional.ofNullable(ServerVersion.class.getPackage().getImplementationVersion())
        .orElse("development");
  }
}
