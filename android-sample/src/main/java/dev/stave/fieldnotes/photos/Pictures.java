package dev.stave.fieldnotes.photos;

import android.graphics.Bitmap;
import android.graphics.BitmapFactory;
import android.graphics.Matrix;
import android.media.ExifInterface;
import android.util.LruCache;
import dev.stave.document.Attachment;
import dev.stave.fieldnotes.data.FieldNotes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * Photos as pictures, made as small as they are shown and turned as they were taken. Thumbnails
 * that were shown last are kept, until memory is wanted elsewhere. Any thread may call any method;
 * reading is not for the main one.
 */
public final class Pictures {

  private static final int MOST_KILOBYTES = 8 << 10;

  /** Equal bytes have equal digests, whatever note they belong to. */
  private final LruCache<String, Bitmap> kept =
      new LruCache<>(MOST_KILOBYTES) {
        @Override
        protected int sizeOf(String digest, Bitmap bitmap) {
          return bitmap.getByteCount() >> 10;
        }
      };

  /** Gives the memory back. */
  public void forget() {
    kept.evictAll();
  }

  /** How many kilobytes are kept. */
  public int keptKilobytes() {
    return kept.size();
  }

  /** A small picture whose shorter side has about {@code side} pixels; empty if it is no photo. */
  public Optional<Bitmap> thumbnail(FieldNotes notes, Attachment photo, int side) {
    String key = photo.digest() + '@' + side;
    Bitmap known = kept.get(key);
    if (known != null) {
      return Optional.of(known);
    }
    Optional<Bitmap> small = read(notes, photo, side);
    small.ifPresent(bitmap -> kept.put(key, bitmap));
    return small;
  }

  /**
   * A picture whose shorter side has {@code side} pixels, or up to twice as many, if the photo has
   * them: a camera's photo as it is would take 50 MB of memory.
   */
  public Optional<Bitmap> read(FieldNotes notes, Attachment photo, int side) {
    BitmapFactory.Options size = new BitmapFactory.Options();
    size.inJustDecodeBounds = true;
    decode(notes, photo, size);
    size.inJustDecodeBounds = false;
    size.inSampleSize = Math.max(1, Math.min(size.outWidth, size.outHeight) / side);
    return decode(notes, photo, size).map(picture -> turned(picture, degrees(notes, photo)));
  }

  private static Optional<Bitmap> decode(
      FieldNotes notes, Attachment photo, BitmapFactory.Options options) {
    try (InputStream in = notes.photos().open(photo)) {
      return Optional.ofNullable(BitmapFactory.decodeStream(in, null, options));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How far a camera that was held sideways says the photo is to be turned. */
  private static int degrees(FieldNotes notes, Attachment photo) {
    int orientation;
    try (InputStream in = notes.photos().open(photo)) {
      orientation =
          new ExifInterface(in)
              .getAttributeInt(ExifInterface.TAG_ORIENTATION, ExifInterface.ORIENTATION_UNDEFINED);
    } catch (IOException e) {
      return 0; // it says nothing
    }
    switch (orientation) {
      case ExifInterface.ORIENTATION_ROTATE_90:
        return 90;
      case ExifInterface.ORIENTATION_ROTATE_180:
        return 180;
      case ExifInterface.ORIENTATION_ROTATE_270:
        return 270;
      default:
        return 0;
    }
  }

  private static Bitmap turned(Bitmap picture, int degrees) {
    if (degrees == 0) {
      return picture;
    }
    Matrix turn = new Matrix();
    turn.postRotate(degrees);
    return Bitmap.createBitmap(picture, 0, 0, picture.getWidth(), picture.getHeight(), turn, true);
  }
}
