package dev.stave.server.command;

import dev.stave.json.JsonObject;
import dev.stave.server.wire.IncomingDocument;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * One document of a file.
 *
 * @param line where it begins in the file
 * @param hadRevision whether it had a {@code _rev}, which means nothing in another database
 */
record ImportDocument(String id, JsonObject body, long line, boolean hadRevision) {

  private static final int ID_BYTES = 16;

  /** Reads a piece of a file. {@code ordinal} is its place among the others. */
  static ImportDocument of(JsonPieces.Piece piece, long ordinal) {
    IncomingDocument document = IncomingDocument.parse(piece.json());
    if (document.deleted()) {
      throw new CommandException("a deleted document (_deleted: true) cannot be imported");
    }
    if (!document.attachments().isEmpty()) {
      throw new CommandException("attachments (_attachments) cannot be imported: PUT them");
    }
    String id = document.id().orElseGet(() -> madeId(piece.json(), ordinal));
    return new ImportDocument(id, document.body(), piece.line(), document.revision().isPresent());
  }

  /** The same for the same document at the same place, so that an import may be repeated. */
  private static String madeId(byte[] json, long ordinal) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(ByteBuffer.allocate(Long.BYTES).putLong(ordinal).array());
      return HexFormat.of().formatHex(sha256.digest(json), 0, ID_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
