package dev.stave.server.exchange;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;

/** Several bodies in one, {@code multipart/mixed}. */
public final class MultipartReply implements Reply {

  /** Writes the body of a part. */
  public interface Body {
    void writeTo(OutputStream out) throws IOException;
  }

  private record Part(String type, Body body) {}

  private final String boundary = newBoundary();
  private final List<Part> parts = new ArrayList<>();

  public void add(String type, String text) {
    add(type, out -> write(text, out));
  }

  public void add(String type, Body body) {
    parts.add(new Part(type, body));
  }

  /** What is in no text. */
  public static String newBoundary() {
    return UUID.randomUUID().toString().replace("-", "");
  }

  /**
   * The parts that {@code parts} adds for each of {@code all}, one after the other while it is
   * sent.
   */
  public static <T> Reply each(Iterable<T> all, BiConsumer<T, MultipartReply> parts) {
    return request -> {
      MultipartReply reply = new MultipartReply();
      try (OutputStream out = reply.begin(request)) {
        for (T one : all) {
          parts.accept(one, reply);
          reply.writeParts(out);
          reply.parts.clear();
        }
        reply.end(out);
      }
    };
  }

  @Override
  public void send(Request request) throws IOException {
    try (OutputStream out = begin(request)) {
      writeParts(out);
      end(out);
    }
  }

  private OutputStream begin(Request request) {
    request.begin(200, Map.of("Content-Type", "multipart/mixed; boundary=\"" + boundary + "\""));
    return request.output();
  }

  private void writeParts(OutputStream out) throws IOException {
    for (Part part : parts) {
      write("\r\n--" + boundary + "\r\nContent-Type: " + part.type() + "\r\n\r\n", out);
      part.body().writeTo(out);
    }
  }

  private void end(OutputStream out) throws IOException {
    write("\r\n--" + boundary + "--", out);
  }

  public static void write(String text, OutputStream out) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }
}
