package dev.stave.server.exchange;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

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

  @Override
  public void send(Request request) throws IOException {
    request.begin(200, Map.of("Content-Type", "multipart/mixed; boundary=\"" + boundary + "\""));
    try (OutputStream out = request.output()) {
      for (Part part : parts) {
        write("\r\n--" + boundary + "\r\nContent-Type: " + part.type() + "\r\n\r\n", out);
        part.body().writeTo(out);
      }
      write("\r\n--" + boundary + "--", out);
    }
  }

  public static void write(String text, OutputStream out) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }
}
