package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.server.exchange.HttpLimits;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server whose queries have no time at all; {@link FindEndpointTest} has the other side. */
class QueryTimeoutTest extends ServerTest {

  @Override
  HttpLimits limits() {
    return HttpLimits.DEFAULT.with(limits -> limits.queryMillis = 0);
  }

  @BeforeEach
  void documents() {
    createDb();
    putDoc("ada", "{'age': 36}");
  }

  @Test
  void query_overItsTime_isCouchDbsTimeout() {
    String query = "{'selector': {'age': {'$gt': 3}, 'name': {'$exists': false}}}";
    String grouping = "{'selector': {'age': {'$gt': 3}}, 'by': 'age'}";

    assertThat(post("/db/_find", query).error()).isEqualTo("500 timeout");
    assertThat(post("/db/_explain", query).error()).isEqualTo("500 timeout");
    assertThat(post("/db/_group", query).error()).isEqualTo("500 timeout");
    assertThat(post("/db/_group", grouping).error()).isEqualTo("500 timeout");
    assertThat(post("/db/_find", query).reason()).contains("--query-timeout");
    assertThat(get("/db/ada").status()).isEqualTo(200);
  }
}
