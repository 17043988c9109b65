package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.server.exchange.HttpLimits;
import org.junit.jupiter.api.Test;

/** A server whose digests have no time at all; {@link DigestEndpointTest} has the other side. */
class DigestTimeoutTest extends ServerTest {

  @Override
  HttpLimits limits() {
    return HttpLimits.DEFAULT.with(limits -> limits.digestMillis = 0);
  }

  @Test
  void digest_overItsTime_isATimeout_andTheNextOneIsAnswered() {
    createDb();
    assertThat(post("/db/_digest", "{}").status()).isEqualTo(200); // nothing to look at
    putDoc("ada", "{'age': 36}");

    for (String question : new String[] {"{}", "{'bounds': ['a']}", "{'leaves': 1}"}) {
      for (int i = 0; i < 3; i++) { // a place that is not given back would be a 503
        Answer answer = post("/db/_digest", question);
        assertThat(answer.error()).as(question).isEqualTo("500 timeout");
        assertThat(answer.reason()).contains("`from` and `to`");
      }
    }
    assertThat(post("/db/_digest", "{'from': 'b'}").status()).isEqualTo(200);
  }
}
