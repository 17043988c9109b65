package dev.stave.fieldnotes;

import android.content.Context;
import android.content.ContextWrapper;
import android.content.SharedPreferences;
import android.os.Looper;
import java.io.File;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What an app has of its device, apart from the apps of other devices of the same test. */
final class PhoneContext extends ContextWrapper {

  private final File folder;
  private final PhoneNetwork network;
  private final List<Throwable> storageOnMainThread = new CopyOnWriteArrayList<>();

  PhoneContext(Context base, File folder) {
    super(base);
    this.folder = folder;
    this.network = PhoneNetwork.of(this);
  }

  PhoneNetwork network() {
    return network;
  }

  /** Where the main thread has asked for a place in storage, so far. */
  List<Throwable> storageOnMainThread() {
    return storageOnMainThread;
  }

  private File folder(String name) {
    if (Looper.myLooper() == Looper.getMainLooper()) {
      storageOnMainThread.add(new AssertionError(name + " on the main thread"));
    }
    File made = new File(folder, name);
    made.mkdirs();
    return made;
  }

  @Override
  public File getFilesDir() {
    return folder("files");
  }

  @Override
  public File getNoBackupFilesDir() {
    return folder("no_backup");
  }

  @Override
  public File getCacheDir() {
    return folder("cache");
  }

  @Override
  public SharedPreferences getSharedPreferences(String name, int mode) {
    return super.getSharedPreferences(new File(folder("preferences"), name + ".xml"), mode);
  }

  @Override
  public Object getSystemService(String name) {
    return name.equals(CONNECTIVITY_SERVICE) ? network : super.getSystemService(name);
  }
}
