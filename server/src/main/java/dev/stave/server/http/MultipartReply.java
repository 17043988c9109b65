package dev.stave.server.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Several bodies in one, {@code multipart/mixed}. */
final class MultipartReply implements Reply {

  private record Part(String type, String text) {}

  private final String boundary = UUID.randomUUID().toString().replace("-", "");
  private final List<Part> parts = new ArrayList<>();

  void add(String type, String text) {
    parts.add(new Part(type, text));
  }

  @Override
  public void send(Request request) throws IOException {
    request.begin(200, Map.of("Content-Type", "multipart/mixed; boundary=\"" + boundary + "\""));
    try (OutputStream out = request.output()) {
      for (Part part : parts) {
        write("\r\n--" + boundary + "\r\nContent-Type: " + part.type() + "\r\n\r\n", out);
        write(part.text(), out);
      }
      write("\r\n--" + boundary + "--", out);
    }
  }

  private static void write(String text, OutputStream out) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }
}
