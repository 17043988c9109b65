package dev.stave.fieldnotes.photos;

import android.content.ClipData;
import android.content.ContentProvider;
import android.content.ContentValues;
import android.content.Context;
import android.content.Intent;
import android.database.Cursor;
import android.net.Uri;
import android.os.ParcelFileDescriptor;
import android.provider.MediaStore;
import java.io.File;
import java.io.FileNotFoundException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Files that the camera's app writes whole photos to. It may write to one only, for as long as it
 * is asked for a photo: each intent grants it that one address. The files are in the cache until
 * the photo is in the notes.
 */
public final class CameraFiles extends ContentProvider {

  private static final String AUTHORITY = "dev.stave.fieldnotes.camera";
  private static final String SUFFIX = ".jpg";

  /** The name of a file that is not there yet. */
  public static String newName() {
    return UUID.randomUUID() + SUFFIX;
  }

  /** Asks a camera for a photo, to be written to the file {@code name}. */
  public static Intent intent(String name) {
    Uri address = new Uri.Builder().scheme("content").authority(AUTHORITY).path(name).build();
    Intent intent = new Intent(MediaStore.ACTION_IMAGE_CAPTURE);
    intent.putExtra(MediaStore.EXTRA_OUTPUT, address);
    intent.setClipData(ClipData.newRawUri("", address)); // what the grant is for
    intent.addFlags(Intent.FLAG_GRANT_WRITE_URI_PERMISSION | Intent.FLAG_GRANT_READ_URI_PERMISSION);
    return intent;
  }

  /** Where the photo is. Not for the main thread: it may make the folder. */
  public static File file(Context context, String name) {
    File folder = new File(context.getCacheDir(), "camera");
    folder.mkdirs();
    return new File(folder, name);
  }

  @Override
  public ParcelFileDescriptor openFile(Uri address, String mode) throws FileNotFoundException {
    String name = address.getLastPathSegment();
    Context context = getContext();
    if (context == null || name == null || !isName(name)) {
      throw new FileNotFoundException("not a photo of ours: " + address);
    }
    return ParcelFileDescriptor.open(file(context, name), ParcelFileDescriptor.parseMode(mode));
  }

  /** No way out of the folder. */
  private static boolean isName(String name) {
    try {
      return name.endsWith(SUFFIX)
          && newNameOf(name.substring(0, name.length() - SUFFIX.length())).equals(name);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String newNameOf(String uuid) {
    return UUID.fromString(uuid) + SUFFIX;
  }

  @Override
  public String getType(Uri address) {
    return "image/jpeg";
  }

  @Override
  public boolean onCreate() {
    return true;
  }

  // Nothing of it is a table.

  @Override
  public @Nullable Cursor query(
      Uri address,
      String @Nullable [] columns,
      @Nullable String selection,
      String @Nullable [] arguments,
      @Nullable String order) {
    return null;
  }

  @Override
  public @Nullable Uri insert(Uri address, @Nullable ContentValues values) {
    throw new UnsupportedOperationException("the camera's files have no rows");
  }

  @Override
  public int delete(Uri address, @Nullable String selection, String @Nullable [] arguments) {
    throw new UnsupportedOperationException("the camera's files have no rows");
  }

  @Override
  public int update(
      Uri address,
      @Nullable ContentValues values,
      @Nullable String selection,
      String @Nullable [] arguments) {
    throw new UnsupportedOperationException("the camera's files have no rows");
  }
}
