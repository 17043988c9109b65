package dev.stave.watch;

import dev.stave.document.Document;

/** How one commit changed what a selector matches. */
public sealed interface WatchEvent {

  /** The sequence of the version that is told of, or of the deletion. */
  long sequence();

  /** A document that did not match, or was not there, matches now. */
  record Added(long sequence, Document document) implements WatchEvent {}

  /** A document that matched has another winner, which matches too. */
  record Changed(long sequence, Document document) implements WatchEvent {}

  /** A document that matched does so no more, or is deleted. */
  record Removed(long sequence, String id) implements WatchEvent {}
}
