package dev.stave.server.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** This machine, as it calls itself: what can be reached from nowhere else. */
public final class Loopback {

  private static final Pattern ADDRESS = Pattern.compile("127(\\.[0-9]{1,3}){3}|\\[?::1\\]?");

  private Loopback() {}

  /** Whether {@code host} is localhost or a loopback address, without asking any name server. */
  static boolean isName(String host) {
    return host.equalsIgnoreCase("localhost") || ADDRESS.matcher(host).matches();
  }

  /** Whether a server that listens at {@code host} is out of reach of other machines. */
  public static boolean isOnly(String host) {
    try {
      return isName(host) && InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
