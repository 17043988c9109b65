package dev.stave.fieldnotes.photos;

import android.content.ContentResolver;
import android.content.Context;
import android.net.Uri;
import dev.stave.fieldnotes.data.Photos;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Where a photo comes from. */
public interface PhotoSource {

  /**
   * Adds it to a visit. Not for the main thread.
   *
   * @throws UncheckedIOException if it cannot be read; then nothing is added
   */
  void addTo(Photos photos, String visit);

  /** The camera, which has written to the file {@code name}: that is gone then. */
  static PhotoSource taken(Context context, String name) {
    return (photos, visit) -> {
      File file = CameraFiles.file(context, name);
      try (InputStream in = new FileInputStream(file)) {
        photos.add(visit, in);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      file.delete();
    };
  }

  /** Another app. */
  static PhotoSource picked(ContentResolver apps, Uri photo) {
    return (photos, visit) -> {
      try (InputStream in = apps.openInputStream(photo)) {
        if (in == null) {
          throw new IOException("the other app gave no photo");
        }
        photos.add(visit, in);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }
}
