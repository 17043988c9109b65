package dev.stave.storage;

import java.time.Duration;

/**
 * What a storage in a folder holds, and what it has done since it was opened. Sizes are in bytes.
 *
 * @param segments how many sorted files a read may have to look into
 * @param rows keys in them, deletions and covered ones included
 * @param rowBytes what their files take
 * @param bodyFiles files of large values
 * @param bodyBytes what they take
 * @param garbageBytes what merges have found in them that nothing points to any more
 * @param tables files of what is derived from the rows: the index
 * @param tableBytes what they take
 * @param logBytes records that are not in a segment yet
 * @param memoryBytes heap that those take, about
 * @param committed what was committed since opening
 * @param written what was written for it: log, segments and merges
 * @param merges finished since opening
 * @param longestStall the longest that a commit has waited for the background
 * @param trouble why the last merge or flush failed, or empty; it is tried again
 */
public record StorageStats(
    int segments,
    long rows,
    long rowBytes,
    int bodyFiles,
    long bodyBytes,
    long garbageBytes,
    int tables,
    long tableBytes,
    long logBytes,
    long memoryBytes,
    long committed,
    long written,
    long merges,
    Duration longestStall,
    String trouble) {

  /**
   * These with what an index beside the rows takes of the heap, and what troubles it, if it does.
   */
  public StorageStats withIndex(long bytes, String why) {
    return new StorageStats(
        segments,
        rows,
        rowBytes,
        bodyFiles,
        bodyBytes,
        garbageBytes,
        tables,
        tableBytes,
        logBytes,
        memoryBytes + bytes,
        committed,
        written,
        merges,
        longestStall,
        trouble.isEmpty() ? why : trouble);
  }

  /** What the files take. */
  public long diskBytes() {
    return rowBytes + bodyBytes + tableBytes + logBytes;
  }

  /** Bytes written for each byte committed since opening; 0 if nothing was committed. */
  public double writeAmplification() {
    return committed == 0 ? 0 : (double) written / committed;
  }

  /** Bytes of bodies on the disk for each one that is in use, as far as is known. */
  public double spaceAmplification() {
    long used = bodyBytes - garbageBytes;
    return used <= 0 ? 1 : (double) bodyBytes / used;
  }
}
