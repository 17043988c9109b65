package dev.stave.sync;

/** How far a revision of a replica is on its way to the peer. */
public sealed interface RevisionStatus {

  /** It is here only, as far as is known. */
  record Local() implements RevisionStatus {}

  /** It is on its way, and the peer has not answered yet. */
  record Sent() implements RevisionStatus {}

  /** The peer has said that it has it, or had it already. */
  record Acknowledged() implements RevisionStatus {}

  /** The peer does not take it: it is a dead letter. */
  record Refused(DeadLetter letter) implements RevisionStatus {}

  /** It is not to be sent. */
  record OutOfScope() implements RevisionStatus {}

  /** Whether nothing more will become of it by itself. */
  default boolean isFinal() {
    return !(this instanceof Local) && !(this instanceof Sent);
  }
}
