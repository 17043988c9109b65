package dev.stave.sync.peer;

import dev.stave.revision.RevisionId;

/** What came of one revision that was sent. */
public sealed interface GraftResult {

  String id();

  RevisionId revision();

  /** The target has it. */
  record Taken(String id, RevisionId revision) implements GraftResult {}

  /** The source has moved on and lacks a part of it: a later change brings what came of it. */
  record Gone(String id, RevisionId revision) implements GraftResult {}

  /**
   * The target does not want it, and will not want it if it is asked again.
   *
   * @param reason for people
   */
  record Refused(String id, RevisionId revision, String reason) implements GraftResult {}
}
