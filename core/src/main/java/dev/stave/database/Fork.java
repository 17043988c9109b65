package dev.stave.database;

import dev.stave.bytes.Crc32c;
import java.nio.charset.StandardCharsets;
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

  /*
   * Kept beside the files of the fork, so that it can be read while that is open:
   *
   *   stave-fork 1
   *   parent 0b2f…
   *   sequence 1234
   *   made 2026-11-21T10:00:00Z
   *   depth 1
   *   crc 1f0e9a77        CRC-32C of all lines above, in hex
   */

  private static final String FORMAT = "stave-fork 1";

  byte[] toNote() {
    String lines =
        FORMAT
            + "\nparent "
            + parent
            + "\nsequence "
            + sequence
            + "\nmade "
            + made
            + "\ndepth "
            + depth
            + "\n";
    return (lines + "crc " + crc(lines) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  static Fork ofNote(String name, byte[] note) {
    String text = new String(note, StandardCharsets.UTF_8);
    String[] lines = text.split("\n", -1);
    int crcAt = text.lastIndexOf("crc ");
    if (crcAt < 0
        || lines.length != 7
        || !lines[0].equals(FORMAT)
        || !text.substring(crcAt).equals("crc " + crc(text.substring(0, crcAt)) + "\n")) {
      throw new ForkException(
          "the file FORK is damaged, or of another version: what it says is lost, the fork is not",
          "fork",
          name);
    }
    return new Fork(
        name,
        fact(lines[1]),
        Long.parseLong(fact(lines[2])),
        Instant.parse(fact(lines[3])),
        Integer.parseInt(fact(lines[4])));
  }

  private static String fact(String line) {
    return line.substring(line.indexOf(' ') + 1);
  }

  private static String crc(String lines) {
    byte[] bytes = lines.getBytes(StandardCharsets.UTF_8);
    return Integer.toHexString(Crc32c.of(bytes, 0, bytes.length));
  }
}
