package dev.stave.sync.http;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What Staves tell each other beyond CouchDB's protocol. A database names what it knows of it in a
 * header of {@code GET /{db}}; a peer that is not told there does without.
 */
public enum Extension {
  /** Who made revisions, when and why. */
  PROVENANCES,
  /** Which documents are out of a scope now, and were in it. */
  LEAVING,

  /** All of a database in files, for one that has nothing yet. */
  SEED,

  /** What stands for all documents of a range of ids. */
  DIGEST,

  /** Which changes were committed together. */
  TRANSACTIONS,

  /**
   * Revisions of {@code _bulk_get} and {@code _bulk_docs} as {@link RevisionWriter} writes them.
   */
  BULK,

  /** Bodies of ancestors that a target needs to merge conflicts. */
  BASES,

  /** What a replication asks for at its beginning, in the answer of {@code GET /{db}}. */
  GREETING;

  public static final String HEADER = "Stave-Sync";

  /** Of a request of {@code GET /{db}}: the id of the local document that is to be told. */
  public static final String CHECKPOINT_HEADER = "Stave-Checkpoint";

  /** Of the answer to such a request: the member that tells it. */
  public static final String GREETING_MEMBER = "stave";

  /** The header's value of a database that knows all of them. */
  public static String all() {
    return Arrays.stream(values()).map(Extension::word).collect(Collectors.joining(", "));
  }

  /** Those that a header names; words of a newer Stave are passed over. */
  static Set<Extension> in(@Nullable String header) {
    if (header == null) {
      return Collections.emptySet();
    }
    Set<String> words = Set.of(header.toLowerCase(Locale.ROOT).trim().split("[,\\s]+"));
    Set<Extension> known = EnumSet.noneOf(Extension.class);
    for (Extension each : values()) {
      if (words.contains(each.word())) {
        known.add(each);
      }
    }
    return known;
  }

  private String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
