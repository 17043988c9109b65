package dev.stave.server.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stave.database.Database;
import dev.stave.json.JsonObject;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecurityTest {

  private static final Identity ANN = new Identity("ann", Set.of("editor"), "default");
  private static final Identity BOB = new Identity("bob", Set.of(), "default");

  private static Security security(String json) {
    return Security.parse(JsonObject.parse(json.replace('\'', '"')));
  }

  @Test
  void byDefault_onlyAdministratorsAreLetIn() {
    try (Database database = Database.inMemory()) {
      Security security = Security.of(database);

      assertThat(security.isMember(ANN)).isFalse();
      assertThat(security.isMember(Identity.NOBODY)).isFalse();
      assertThat(security.isAdmin(Identity.ANYBODY)).isTrue();
    }
  }

  @Test
  void members_byNameOrRole_areLetIn() {
    Security security =
        security(
            "{'members': {'names': ['bob'], 'roles': ['editor']}, 'admins': {'names': ['bob']}}");

    assertThat(security.isMember(ANN)).isTrue();
    assertThat(security.isMember(BOB)).isTrue();
    assertThat(security.isMember(Identity.NOBODY)).isFalse();
    assertThat(security.isAdmin(ANN)).isFalse();
    assertThat(security.isAdmin(BOB)).isTrue();
  }

  @Test
  void withoutMembers_everybodyIsLetIn() {
    assertThat(security("{}").isMember(Identity.NOBODY)).isTrue();
    assertThat(security("{'members': {'names': [], 'roles': []}}").isMember(BOB)).isTrue();
    assertThat(security("{}").isAdmin(BOB)).isFalse();
  }

  @Test
  void saved_isWhatIsReadAgain() {
    try (Database database = Database.inMemory()) {
      security("{'members': {'names': ['bob']}, 'more': 7}").save(database);

      assertThat(Security.of(database).isMember(BOB)).isTrue();
      assertThat(Security.of(database).json().toString()).contains("more");
      assertThat(database.lastSequence()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{'members': 7}", "{'admins': {'names': 'bob'}}", "{'admins': {'roles': [7]}}"})
  void whatIsNoSecurity_isRefused(String json) {
    assertThatThrownBy(() -> security(json)).isInstanceOf(Security.InvalidSecurityException.class);
  }
}
