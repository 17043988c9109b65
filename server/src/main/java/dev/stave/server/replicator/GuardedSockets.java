package dev.stave.server.replicator;

import dev.stave.sync.http.AddressRefusedException;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.function.BooleanSupplier;
import javax.net.SocketFactory;
import okhttp3.Connection;
import okhttp3.Interceptor;
import okhttp3.Response;

/**
 * Connects to no inner address: loopback, private networks, link-local ones where clouds keep their
 * secrets. It looks at the address that is about to be connected to, and so at what names resolve
 * to and where redirects lead; and with each request at that of a connection that was made before,
 * when it may have been allowed. For both it is a socket factory and a network interceptor.
 */
final class GuardedSockets extends SocketFactory implements Interceptor {

  private final BooleanSupplier isInnerAllowed;

  GuardedSockets(BooleanSupplier isInnerAllowed) {
    this.isInnerAllowed = isInnerAllowed;
  }

  @Override
  public Socket createSocket() {
    return new Socket() {
      @Override
      public void connect(SocketAddress endpoint, int timeoutMillis) throws IOException {
        if (!isInnerAllowed.getAsBoolean()) {
          requireOuter(endpoint);
        }
        super.connect(endpoint, timeoutMillis);
      }
    };
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    Connection connection = chain.connection();
    if (connection != null && !isInnerAllowed.getAsBoolean()) {
      requireOuter(connection.socket().getRemoteSocketAddress());
    }
    return chain.proceed(chain.request());
  }

  private static void requireOuter(SocketAddress endpoint) throws AddressRefusedException {
    if (!(endpoint instanceof InetSocketAddress inet)
        || inet.getAddress() == null
        || isInner(inet.getAddress())) {
      throw new AddressRefusedException(
          "replication with an inner address is not allowed: an administrator may set"
              + " replicator/inner_addresses to allow, or name a database of this server without"
              + " its address");
    }
  }

  /** Whether {@code address} leads to this machine or to a network around it. */
  static boolean isInner(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (address.isAnyLocalAddress()
        || address.isLoopbackAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()) {
      return true;
    }
    if (address instanceof Inet4Address) {
      return isInner4(bytes, 0);
    }
    boolean isUniqueLocal = (bytes[0] & 0xfe) == 0xfc;
    return isUniqueLocal || hidesInner4(bytes);
  }

  private static boolean isInner4(byte[] bytes, int at) {
    int first = bytes[at] & 0xff;
    int second = bytes[at + 1] & 0xff;
    return first == 0
        || first == 10
        || first == 127
        || first == 100 && second >= 64 && second < 128 // of providers
        || first == 169 && second == 254
        || first == 172 && second >= 16 && second < 32
        || first == 192 && second == 168
        || first == 192 && second == 0 && bytes[at + 2] == 0
        || first == 198 && (second & 0xfe) == 18
        || first >= 224;
  }

  /** An address of the older kind within one of the newer: mapped, compatible, 6to4, NAT64. */
  private static boolean hidesInner4(byte[] bytes) {
    if (bytes[0] == 0x20 && bytes[1] == 0x02) {
      return isInner4(bytes, 2);
    }
    boolean isNat64 = bytes[0] == 0 && bytes[1] == 0x64 && (bytes[2] & 0xff) == 0xff;
    boolean isZero = true;
    for (int i = 0; i < 10; i++) {
      isZero &= bytes[i] == 0;
    }
    return (isNat64 || isZero) && isInner4(bytes, 12);
  }

  // What OkHttp does not call

  @Override
  public Socket createSocket(String host, int port) {
    throw new UnsupportedOperationException("connect is where addresses are looked at");
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort) {
    return createSocket(host, port);
  }

  @Override
  public Socket createSocket(InetAddress host, int port) {
    return createSocket(host.getHostAddress(), port);
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
    return createSocket(host.getHostAddress(), port);
  }
}
