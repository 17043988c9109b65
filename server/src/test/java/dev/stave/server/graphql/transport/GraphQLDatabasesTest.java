package dev.stave.server.graphql.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.server.exchange.HttpLimits;
import org.junit.jupiter.api.Test;

class GraphQLDatabasesTest {

  private static long timeMillis(int queryMillis) {
    return GraphQLDatabases.options(
            HttpLimits.DEFAULT.with(limits -> limits.queryMillis = queryMillis))
        .timeMillis();
  }

  @Test
  void options_timeOfARequest_isTenSecondsOrThatOfAQueryIfThatIsLess() {
    assertThat(timeMillis(60_000)).isEqualTo(10_000);
    assertThat(timeMillis(10_000)).isEqualTo(10_000);
    assertThat(timeMillis(9_999)).isEqualTo(9_999);
    assertThat(timeMillis(0)).isEqualTo(1);
  }
}
