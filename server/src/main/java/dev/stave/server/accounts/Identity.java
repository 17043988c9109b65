package dev.stave.server.accounts;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who asks.
 *
 * @param name null for somebody who did not say
 * @param roles what the name has been given
 * @param by how it was found out: {@code default} (a password), {@code cookie}, {@code jwt}; null
 *     if nobody was asked
 */
public record Identity(@Nullable String name, Set<String> roles, @Nullable String by) {

  /** The role of whoever may do everything. */
  public static final String ADMIN = "_admin";

  /** Somebody who did not say who it is. */
  public static final Identity NOBODY = new Identity(null, Set.of(), null);

  /** Whoever asks a server that has no administrator, and can be reached from its machine only. */
  public static final Identity ANYBODY = new Identity(null, Set.of(ADMIN), null);

  public Identity {
    roles = Set.copyOf(roles);
  }

  public boolean isAdmin() {
    return roles.contains(ADMIN);
  }
}
