package dev.stave.server.command;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * A file of JSON objects in pieces of one object each, without reading more of it than it must. The
 * file is one of these, or gzip of one: objects on a line each; an array of objects; CouchDB's
 * {@code {"docs": […]}}; objects one after the other, on as many lines as they like.
 *
 * <p>Pieces are found by counting brackets outside strings. Whether a piece is good JSON is for its
 * reader to say.
 */
final class JsonPieces {

  /** One object. {@code line} is where it begins, counted from 1. */
  record Piece(byte[] json, long line) {}

  /** How the objects stand in the file. */
  private enum Form {
    LINES,
    ARRAY,
    DOCS,
    SEQUENCE
  }

  /** A larger object is in no database. */
  static final int MAX_PIECE_BYTES = 64 << 20;

  /** So much of a file tells its form. */
  private static final int PEEK_BYTES = 8 << 10;

  private static final int END = -1;
  private static final Pattern DOCS =
      Pattern.compile("\\s*\\{\\s*(\"new_edits\"\\s*:\\s*true\\s*,\\s*)?\"docs\"\\s*:\\s*\\[");

  private final String name;
  private final InputStream in;
  private final Form form;
  private long line = 1;
  private boolean first = true;
  private boolean ended;

  /**
   * {@code name} is the file's: for errors, and because {@code .ndjson} and the like say a form.
   */
  JsonPieces(InputStream file, String name) throws IOException {
    this.name = name;
    BufferedInputStream plain = unzipped(new BufferedInputStream(file, PEEK_BYTES));
    plain.mark(PEEK_BYTES);
    String start = new String(plain.readNBytes(PEEK_BYTES), StandardCharsets.ISO_8859_1);
    plain.reset();
    this.in = plain;
    Matcher docs = DOCS.matcher(start);
    if (docs.lookingAt()) {
      this.form = Form.DOCS;
      skip(docs.end());
    } else if (start.stripLeading().startsWith("[")) {
      this.form = Form.ARRAY;
      skip(start.indexOf('[') + 1);
    } else {
      this.form = isOfLines(start, name) ? Form.LINES : Form.SEQUENCE;
    }
  }

  private static BufferedInputStream unzipped(BufferedInputStream file) throws IOException {
    file.mark(2);
    boolean zipped = file.read() == 0x1f && file.read() == 0x8b;
    file.reset();
    return zipped ? new BufferedInputStream(new GZIPInputStream(file, 64 << 10), 64 << 10) : file;
  }

  /** A first line that ends inside an object is the first of several of that object. */
  private static boolean isOfLines(String start, String name) {
    if (name.matches(".*\\.(ndjson|jsonl|jsonlines)(\\.gz)?")) {
      return true;
    }
    int end = start.indexOf('\n', start.length() - start.stripLeading().length());
    int depth = 0;
    boolean inString = false;
    for (int i = 0; i < end; i++) {
      char c = start.charAt(i);
      if (inString && c == '\\') {
        i++;
      } else if (c == '"') {
        inString = !inString;
      } else if (!inString && (c == '{' || c == '}')) {
        depth += c == '{' ? 1 : -1;
      }
    }
    return depth == 0;
  }

  private void skip(int bytes) throws IOException {
    for (int i = 0; i < bytes; i++) {
      read();
    }
  }

  /** The next object; empty at the end. */
  Optional<Piece> next() throws IOException {
    if (ended) {
      return Optional.empty();
    }
    return form == Form.LINES ? nextLine() : nextObject();
  }

  private int read() throws IOException {
    int c = in.read();
    if (c == '\n') {
      line++;
    }
    return c;
  }

  private int readBeyondSpace() throws IOException {
    int c = read();
    while (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
      c = read();
    }
    return c;
  }

  private Optional<Piece> nextLine() throws IOException {
    while (true) {
      long begin = line;
      ByteArrayOutputStream text = new ByteArrayOutputStream(1_024);
      boolean blank = true;
      int c = read();
      while (c != END && c != '\n') {
        blank &= c == ' ' || c == '\r' || c == '\t';
        add(text, c, begin);
        c = read();
      }
      if (!blank) {
        return Optional.of(new Piece(text.toByteArray(), begin));
      }
      if (c == END) {
        ended = true;
        return Optional.empty();
      }
    }
  }

  private Optional<Piece> nextObject() throws IOException {
    int c = readBeyondSpace();
    if (form != Form.SEQUENCE) {
      if (c == ']') {
        end();
        return Optional.empty();
      }
      if (!first && c != ',') {
        throw malformed(c == END ? "the array is not closed" : "expected a comma or ]");
      }
      c = first ? c : readBeyondSpace();
      first = false;
    } else if (c == END) {
      ended = true;
      return Optional.empty();
    }
    if (c != '{') {
      throw malformed("expected an object");
    }
    return Optional.of(object());
  }

  /** The rest of an object whose first bracket is read. */
  private Piece object() throws IOException {
    long begin = line;
    ByteArrayOutputStream text = new ByteArrayOutputStream(1_024);
    text.write('{');
    boolean inString = false;
    for (int depth = 1; depth > 0; ) {
      int c = read();
      if (c == END) {
        throw malformed("the object that begins in line " + begin + " is not closed");
      }
      add(text, c, begin);
      if (inString && c == '\\') {
        add(text, read(), begin);
      } else if (c == '"') {
        inString = !inString;
      } else if (!inString && (c == '{' || c == '[')) {
        depth++;
      } else if (!inString && (c == '}' || c == ']')) {
        depth--;
      }
    }
    return new Piece(text.toByteArray(), begin);
  }

  private void add(ByteArrayOutputStream text, int c, long begin) {
    if (text.size() == MAX_PIECE_BYTES) {
      throw malformed(
          "what begins in line " + begin + " is larger than " + MAX_PIECE_BYTES + " bytes");
    }
    text.write(c);
  }

  private void end() throws IOException {
    ended = true;
    int c = readBeyondSpace();
    if (form == Form.DOCS) {
      if (c != '}') {
        throw malformed("expected the end of {\"docs\": […]}");
      }
      c = readBeyondSpace();
    }
    if (c != END) {
      throw malformed("something follows the end");
    }
  }

  private CommandException malformed(String what) {
    return new CommandException(name + ":" + line + ": " + what);
  }
}
