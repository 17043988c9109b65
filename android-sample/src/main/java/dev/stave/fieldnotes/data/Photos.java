package dev.stave.fieldnotes.data;

import dev.stave.database.AttachmentUpload;
import dev.stave.database.Database;
import dev.stave.document.Attachment;
import dev.stave.document.Document;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The photos of the visits: attachments, by name. Any thread may call any method, except the main
 * one.
 */
public final class Photos {

  private final Database database;
  private final Unsent unsent;
  private final Supplier<String> me;

  Photos(Database database, Unsent unsent, Supplier<String> me) {
    this.database = database;
    this.unsent = unsent;
    this.me = me;
  }

  /** Adds a photo and says its name. Its bytes are streamed, whatever their number. */
  public String add(String visit, InputStream photo) throws IOException {
    FieldNotes.requireBackground();
    String name = "photo-" + UUID.randomUUID() + ".jpg";
    try (AttachmentUpload upload = database.attachments().store("image/jpeg", photo)) {
      put(visit, name, upload.finish());
    }
    return name;
  }

  /** Takes one away. It stays in the history, and {@link #put} brings it back. */
  public void delete(String visit, String name) {
    put(visit, name, null);
  }

  /** Has a photo by this name, of which the bytes are here; null has none. */
  public void put(String visit, String name, @Nullable Attachment photo) {
    FieldNotes.requireBackground();
    unsent.writing(
        List.of(visit),
        () ->
            database.transact(
                transaction -> {
                  transaction.author(me.get());
                  Document now = transaction.get(visit).orElseThrow(() -> gone(visit));
                  Map<String, Attachment> all = new TreeMap<>(now.attachments());
                  all.remove(name);
                  if (photo != null) {
                    all.put(name, photo);
                  }
                  return transaction.put(visit, now.revision(), now.body(), all);
                }));
  }

  private static IllegalStateException gone(String id) {
    return new IllegalStateException("it was deleted meanwhile: " + id);
  }

  /** The bytes of a photo. Close it. */
  public InputStream open(Attachment photo) {
    FieldNotes.requireBackground();
    return database.attachments().open(photo);
  }
}
