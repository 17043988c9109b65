package dev.stave.server.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordHashTest {

  private static final int FEW = 10;

  @Test
  void hash_ofAPassword_matchesItAndNoOther_howeverItIsKept() {
    PasswordHash hash = PasswordHash.of("correct horse é", FEW);
    ObjectNode user = JsonNodeFactory.instance.objectNode();
    hash.putInto(user);

    assertThat(hash.matches("correct horse é")).isTrue();
    assertThat(hash.matches("correct horse e")).isFalse();
    assertThat(PasswordHash.parse(hash.toString())).contains(hash);
    assertThat(PasswordHash.of(user)).contains(hash);
    assertThat(PasswordHash.of("correct horse é", FEW).salt()).isNotEqualTo(hash.salt());
  }

  /** RFC 6070's and RFC 7914's vectors. */
  @Test
  void hash_ofOthers_isCheckedAsTheyMadeIt() {
    String sha1 = "-pbkdf2-4b007901b765489abead49d926f721d065a429c1,salt,4096";
    assertThat(PasswordHash.parse(sha1).orElseThrow().matches("password")).isTrue();
    String sha256 =
        "-pbkdf2:sha256-55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc,salt,1";
    assertThat(PasswordHash.parse(sha256).orElseThrow().matches("passwd")).isTrue();
    String user =
        "{\"password_scheme\": \"pbkdf2\", \"iterations\": 4096, \"salt\": \"salt\","
            + " \"derived_key\": \"4b007901b765489abead49d926f721d065a429c1\"}";
    assertThat(
            PasswordHash.of(JsonObject.parse(user).sharedTree()).orElseThrow().matches("password"))
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "secret",
        "-pbkdf2-zz,salt,10",
        "-pbkdf2-4b007901b765489abead49d926f721d065a429c1,salt,0",
        "-pbkdf2-4b007901b765489abead49d926f721d065a429c1,salt,10000001",
        "-pbkdf2:md5-4b007901b765489abead49d926f721d065a429c1,salt,10",
        "-hashed-4b007901b765489abead49d926f721d065a429c1,salt"
      })
  void text_thatIsNoHash_isNone(String text) {
    assertThat(PasswordHash.parse(text)).isEmpty();
  }
}
