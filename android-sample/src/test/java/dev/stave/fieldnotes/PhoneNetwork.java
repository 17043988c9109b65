package dev.stave.fieldnotes;

import android.content.Context;
import android.net.ConnectivityManager;
import android.net.IConnectivityManager;
import android.net.Network;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.robolectric.util.ReflectionHelpers;

/**
 * What {@link ConnectivityManager} tells the app of one device. Robolectric's own has one network
 * for all.
 */
final class PhoneNetwork extends ConnectivityManager {

  private final List<NetworkCallback> callbacks = new CopyOnWriteArrayList<>();
  private final Network wifi = ReflectionHelpers.newInstance(Network.class);
  private boolean isThere = true;

  private PhoneNetwork(Context context) {
    super(context, ReflectionHelpers.createNullProxy(IConnectivityManager.class));
  }

  static PhoneNetwork of(Context context) {
    return new PhoneNetwork(context);
  }

  void set(boolean there) {
    isThere = there;
    for (NetworkCallback each : callbacks) {
      if (there) {
        each.onAvailable(wifi);
      } else {
        each.onLost(wifi);
      }
    }
  }

  @Override
  public Network getActiveNetwork() {
    return isThere ? wifi : null;
  }

  @Override
  public void registerDefaultNetworkCallback(NetworkCallback callback) {
    callbacks.add(callback);
    if (isThere) {
      callback.onAvailable(wifi);
    }
  }

  @Override
  public void unregisterNetworkCallback(NetworkCallback callback) {
    callbacks.remove(callback);
  }
}
