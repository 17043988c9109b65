package dev.stave.server.command;

import java.util.List;

/** Where imported documents go. */
interface ImportTarget extends AutoCloseable {

  /** What became of one document. */
  enum Result {
    WRITTEN,
    /** There is a document of its id, which was left as it is. */
    EXISTING
  }

  /** Writes documents, durably, and returns a result for each. */
  List<Result> write(List<ImportDocument> documents);

  @Override
  void close();
}
