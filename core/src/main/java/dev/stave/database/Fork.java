package dev.stave.database;

import java.time.Instant;

/**
 * What is known of a fork without opening it.
 *
 * @param name its name among the forks of its parent
 * @param parent the uuid of the database it was made of
 * @param sequence the parent's sequence that it was made at
 * @param made when, by the clock of the machine
 * @param depth 1 for a fork of a database that is none itself
 */
public record Fork(String name, String parent, long sequence, Instant made, int depth) {

  /** As one line, which the manifest of the fork keeps: it can be read while that is open. */
  String toNote() {
    return parent + " " + sequence + " " + made.toEpochMilli() + " " + depth;
  }

  static Fork ofNote(String name, String note) {
    String[] words = note.split(" ", -1);
    return new Fork(
        name,
        words[0],
        Long.parseLong(words[1]),
        Instant.ofEpochMilli(Long.parseLong(words[2])),
        Integer.parseInt(words[3]));
  }
}
