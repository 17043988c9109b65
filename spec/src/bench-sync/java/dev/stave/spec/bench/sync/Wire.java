package dev.stave.spec.bench.sync;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.SocketFactory;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** Counts the bytes and the requests of a client, and may hide that the server is a Stave. */
final class Wire {

  private final AtomicLong bytes = new AtomicLong();
  private final Map<String, AtomicLong> requests = new ConcurrentHashMap<>();

  /** A client that counts here. */
  OkHttpClient client(boolean hidesExtensions) {
    return new OkHttpClient.Builder()
        .socketFactory(new CountingSockets())
        .addInterceptor(
            chain -> {
              Request request = chain.request();
              String path = request.url().encodedPath();
              String name =
                  request.method() + " " + path.replaceAll("^/[^/]*(/[^/]*)?.*$", "{db}$1");
              requests.computeIfAbsent(name, none -> new AtomicLong()).incrementAndGet();
              Response response = chain.proceed(request);
              return hidesExtensions
                  ? response.newBuilder().removeHeader("Stave-Sync").build()
                  : response;
            })
        .build();
  }

  /** Both ways. */
  long bytes() {
    return bytes.get();
  }

  /** How often each kind was sent. */
  Map<String, AtomicLong> requests() {
    return new TreeMap<>(requests);
  }

  private final class CountingSockets extends SocketFactory {

    @Override
    public Socket createSocket() {
      return new CountingSocket();
    }

    @Override
    public Socket createSocket(String host, int port) {
      throw new UnsupportedOperationException("OkHttp connects later");
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress from, int fromPort) {
      throw new UnsupportedOperationException("OkHttp connects later");
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
      throw new UnsupportedOperationException("OkHttp connects later");
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) {
      throw new UnsupportedOperationException("OkHttp connects later");
    }
  }

  private final class CountingSocket extends Socket {

    @Override
    public InputStream getInputStream() throws IOException {
      return new FilterInputStream(super.getInputStream()) {
        @Override
        public int read() throws IOException {
          int read = super.read();
          bytes.addAndGet(read < 0 ? 0 : 1);
          return read;
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
          int count = super.read(to, offset, length);
          bytes.addAndGet(Math.max(0, count));
          return count;
        }
      };
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
      return new FilterOutputStream(super.getOutputStream()) {
        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
          out.write(from, offset, length);
          bytes.addAndGet(length);
        }
      };
    }
  }
}
