package dev.stave.review;

import dev.stave.revision.RevisionId;
import java.util.List;

/** What came of merging by policy. */
public sealed interface MergeOutcome {

  /** It is merged, by that revision. */
  record Merged(RevisionId revision) implements MergeOutcome {}

  /** It stays open for a person, for these reasons. */
  record Held(List<String> reasons) implements MergeOutcome {}

  /** It is not open any more, or not with these sides. */
  record Outdated() implements MergeOutcome {}
}
