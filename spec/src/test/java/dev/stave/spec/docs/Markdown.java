package dev.stave.spec.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The fenced blocks of a page, and the lines they promise to print. */
final class Markdown {

  /** What stands behind this in a line of an example is what the line prints. */
  private static final String PROMISE = "→ ";

  private final List<String> lines;

  private Markdown(List<String> lines) {
    this.lines = lines;
  }

  static Markdown read(Path page) throws IOException {
    return new Markdown(Files.readAllLines(page));
  }

  /** The blocks fenced as {@code language}, in a list or not, each as its lines. */
  List<List<String>> blocks(String language) {
    List<List<String>> blocks = new ArrayList<>();
    List<String> open = null;
    for (String line : lines) {
      if (open == null && line.strip().equals("```" + language)) {
        open = new ArrayList<>();
      } else if (open != null && line.strip().equals("```")) {
        blocks.add(open);
        open = null;
      } else if (open != null) {
        open.add(line);
      }
    }
    return blocks;
  }

  static List<String> promises(List<String> block) {
    List<String> promised = new ArrayList<>();
    for (String line : block) {
      int at = line.indexOf(PROMISE);
      if (at >= 0) {
        promised.add(line.substring(at + PROMISE.length()));
      }
    }
    return promised;
  }
}
