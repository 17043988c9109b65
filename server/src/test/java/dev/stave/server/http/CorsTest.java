package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CorsTest extends ServerTest {

  private static final String[] PAGE = {"Origin", "http://page.example"};

  @BeforeEach
  void database() {
    createDb();
  }

  private void allow(String origins) {
    put("/_node/_local/_config/chttpd/enable_cors", "'true'");
    put("/_node/_local/_config/cors/origins", "'" + origins + "'");
  }

  private Answer preflight() {
    return send(
        request("/db", PAGE[0], PAGE[1], "Access-Control-Request-Method", "PUT")
            .method("OPTIONS", BodyPublishers.noBody()));
  }

  @Test
  void byDefault_noPageIsAllowed() {
    assertThat(get("/db", PAGE).header("Access-Control-Allow-Origin")).isNull();
    assertThat(preflight().header("Access-Control-Allow-Origin")).isNull();
  }

  @Test
  void pageThatIsAllowed_mayAskAndSeeTheAnswer() {
    allow("http://other.example, http://page.example");

    Answer preflight = preflight();
    Answer get = get("/db", PAGE);

    assertThat(preflight.status()).isEqualTo(204);
    assertThat(preflight.header("Access-Control-Allow-Methods")).contains("PUT").contains("COPY");
    assertThat(preflight.header("Access-Control-Allow-Headers")).contains("authorization");
    assertThat(get.header("Access-Control-Allow-Origin")).isEqualTo("http://page.example");
    assertThat(get.header("Access-Control-Allow-Credentials")).isNull();
    put("/_node/_local/_config/cors/credentials", "'true'");
    assertThat(get("/db", PAGE).header("Access-Control-Allow-Credentials")).isEqualTo("true");
  }

  @Test
  void pageThatIsNotAllowed_seesNothing() {
    allow("http://other.example");

    assertThat(get("/db", PAGE).header("Access-Control-Allow-Origin")).isNull();
    assertThat(preflight().status()).isEqualTo(405);
  }

  @Test
  void star_allowsAll() {
    allow("*");

    assertThat(get("/db", PAGE).header("Access-Control-Allow-Origin"))
        .isEqualTo("http://page.example");
  }
}
