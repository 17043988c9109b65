package dev.stave.server.http;

import dev.stave.sync.http.Credentials;
import dev.stave.sync.http.Extension;
import dev.stave.sync.http.HttpPeer;
import java.net.URI;
import okhttp3.OkHttpClient;

/** The same with a server that says that it knows provenances, and nothing that came later. */
class OlderStaveTest extends HttpPeerTest {

  @Override
  HttpPeer connect(URI address) {
    OkHttpClient client =
        new OkHttpClient.Builder()
            .addInterceptor(
                chain ->
                    chain
                        .proceed(chain.request())
                        .newBuilder()
                        .header(Extension.HEADER, "provenances")
                        .build())
            .build();
    return HttpPeer.at(address, Credentials.none(), client);
  }
}
