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

  /**
   * Refuses a {@code host} at which a server would be in reach of other machines.
   *
   * @throws HttpServerException if it is not a loopback address
   */
  public static void require(String host) {
    try {
      if (isName(host) && InetAddress.getByName(host).isLoopbackAddress()) {
        return;
      }
    } catch (UnknownHostException e) {
      // told the same way below
    }
    throw new HttpServerException(
        "without an administrator Stave serves this machine only: make one with `stave user add NAME"
            + " --admin`, or let --host be 127.0.0.1, ::1 or localhost, not "
            + host);
  }
}
