package dev.stave.fieldnotes.screens;

import android.graphics.Bitmap;
import android.graphics.BitmapFactory;
import android.util.LruCache;
import dev.stave.document.Attachment;
import dev.stave.fieldnotes.data.FieldNotes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Photos made small. Those shown last are kept, until memory is wanted elsewhere. */
public final class Thumbnails {

  private static final int MOST_KILOBYTES = 8 << 10;

  /** Equal bytes have equal digests, whatever note they belong to. */
  private static final LruCache<String, Bitmap> KEPT =
      new LruCache<>(MOST_KILOBYTES) {
        @Override
        protected int sizeOf(String digest, Bitmap bitmap) {
          return bitmap.getByteCount() >> 10;
        }
      };

  private Thumbnails() {}

  /** Gives the memory back. */
  public static void forget() {
    KEPT.evictAll();
  }

  /** A photo of about {@code side} pixels; empty if it is none. */
  static Optional<Bitmap> of(FieldNotes notes, Attachment photo, int side) {
    String key = photo.digest() + '@' + side;
    Bitmap known = KEPT.get(key);
    if (known != null) {
      return Optional.of(known);
    }
    BitmapFactory.Options size = new BitmapFactory.Options();
    size.inJustDecodeBounds = true;
    decode(notes, photo, size);
    size.inJustDecodeBounds = false;
    size.inSampleSize = Math.max(1, Math.min(size.outWidth, size.outHeight) / side);
    Optional<Bitmap> small = decode(notes, photo, size);
    small.ifPresent(bitmap -> KEPT.put(key, bitmap));
    return small;
  }

  private static Optional<Bitmap> decode(
      FieldNotes notes, Attachment photo, BitmapFactory.Options options) {
    try (InputStream in = notes.photo(photo)) {
      return Optional.ofNullable(BitmapFactory.decodeStream(in, null, options));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
