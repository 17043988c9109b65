package dev.stave.server.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.revision.RevisionId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPrivateKey;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccountsTest {

  @TempDir Path folder;
  private final Map<String, Document> users = new HashMap<>();
  private long now = 1_000_000;
  private Settings settings;
  private Accounts accounts;

  @BeforeEach
  void open() {
    settings = Settings.open(folder.resolve("settings.json"));
    accounts = accounts();
  }

  private Accounts accounts() {
    return new Accounts(settings, id -> Optional.ofNullable(users.get(id)), () -> now);
  }

  private void closed() {
    Accounts.setAdmin(settings, "root", PasswordHash.of("top", 10).toString());
  }

  private ObjectNode user(String name, String password, String... roles) {
    ObjectNode body = JsonObject.parse("{\"type\": \"user\", \"roles\": []}").tree();
    body.put("name", name);
    for (String role : roles) {
      body.withArray("roles").add(role);
    }
    PasswordHash.of(password, 10).putInto(body);
    write(name, body);
    return body;
  }

  private void write(String name, ObjectNode body) {
    String id = UserDocuments.PREFIX + name;
    users.put(id, new Document(id, RevisionId.parse("1-a"), false, JsonObject.of(body)));
  }

  private static String basic(String pair) {
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void withoutAnAdministrator_everybodyIsOne() {
    assertThat(accounts.areClosed()).isFalse();
    assertThat(accounts.identify(basic("any:thing"), null).isAdmin()).isTrue();
  }

  @Test
  void passwords_areOfAdministratorsAndUsers() {
    closed();
    user("ann", "secret", "editor", "_admin");

    Identity root = accounts.identify(basic("root:top"), null);
    Identity ann = accounts.identify(basic("ann:secret"), null);

    assertThat(root.isAdmin()).isTrue();
    assertThat(ann.roles()).containsExactly("editor"); // what begins with _ is not given so
    assertThat(accounts.identify(null, null)).isEqualTo(Identity.NOBODY);
    for (String wrong : List.of("ann:Secret", "ann:", "none:x", "nocolon")) {
      assertThatThrownBy(() -> accounts.identify(basic(wrong), null))
          .isInstanceOf(LoginException.class);
    }
    assertThatThrownBy(() -> accounts.identify("Basic !!!", null))
        .isInstanceOf(LoginException.class);
  }

  @Test
  void password_thatWasChanged_isNotRemembered() {
    closed();
    user("ann", "old");
    accounts.login("ann", "old");
    user("ann", "new");

    assertThat(accounts.login("ann", "new").name()).isEqualTo("ann");
    assertThatThrownBy(() -> accounts.login("ann", "old")).isInstanceOf(LoginException.class);
  }

  @Test
  void password_triedTooOften_isNotLookedAtForAWhile() {
    closed();
    user("ann", "secret");
    for (int i = 0; i < Lockout.FAILURES; i++) {
      assertThatThrownBy(() -> accounts.login("ann", "guess")).hasMessageContaining("incorrect");
    }

    assertThatThrownBy(() -> accounts.login("ann", "secret")).hasMessageContaining("try again");
    assertThat(accounts.login("root", "top").isAdmin()).isTrue();
    now += Lockout.SECONDS;
    assertThat(accounts.login("ann", "secret").name()).isEqualTo("ann");
  }

  @Test
  void cookie_isGoodForItsTime_andForItsPassword_afterARestartToo() {
    closed();
    user("ann", "secret", "editor");
    String cookie = accounts.cookie(accounts.login("ann", "secret")).orElseThrow();

    assertThat(accounts.identify(null, cookie).roles()).containsExactly("editor");
    assertThat(accounts.identify(null, cookie).by()).isEqualTo("cookie");
    assertThat(accounts().identify(null, cookie).name()).isEqualTo("ann");
    assertThat(accounts.renewed(cookie)).isEmpty();
    now += 61;
    String fresh = accounts.renewed(cookie).orElseThrow();
    now += Cookies.SECONDS - 61;
    assertThat(accounts.identify(null, cookie)).isEqualTo(Identity.NOBODY);
    assertThat(accounts.identify(null, fresh).name()).isEqualTo("ann");
    user("ann", "other");
    assertThat(accounts.identify(null, fresh)).isEqualTo(Identity.NOBODY);
  }

  @Test
  void cookie_thatWasChanged_isNobodys() {
    closed();
    user("ann", "secret");
    user("bob", "secret");
    String cookie = accounts.cookie(accounts.login("ann", "secret")).orElseThrow();
    byte[] bytes = Base64.getUrlDecoder().decode(cookie);
    for (int i = 0; i < bytes.length; i++) {
      byte[] forged = bytes.clone();
      forged[i] ^= 1;
      String text = Base64.getUrlEncoder().withoutPadding().encodeToString(forged);
      assertThat(accounts.identify(null, text)).isEqualTo(Identity.NOBODY);
    }
    for (String odd : List.of("x", "!!", "YW5uOg", "YW5uOjE6", ":::")) {
      assertThat(accounts.identify(null, odd)).isEqualTo(Identity.NOBODY);
    }
  }

  @Test
  void token_ofAKnownKey_saysWhoAndWithWhatRoles() throws Exception {
    closed();
    byte[] secret = "a secret that others know".getBytes(StandardCharsets.UTF_8);
    settings.set("jwt_keys", "hmac:_default", Base64.getEncoder().encodeToString(secret));
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2_048);
    KeyPair pair = generator.generateKeyPair();
    settings.set(
        "jwt_keys",
        "rsa:k1",
        "-----BEGIN PUBLIC KEY-----\\n"
            + Base64.getEncoder().encodeToString(pair.getPublic().getEncoded())
            + "\\n-----END PUBLIC KEY-----");
    Algorithm hmac = Algorithm.HMAC256(secret);
    Instant later = Instant.now().plusSeconds(60);

    String good =
        JWT.create()
            .withSubject("ann")
            .withExpiresAt(later)
            .withClaim("_couchdb.roles", List.of("editor"))
            .sign(hmac);
    String rsa =
        JWT.create()
            .withKeyId("k1")
            .withSubject("bob")
            .withExpiresAt(later)
            .sign(Algorithm.RSA256(null, (RSAPrivateKey) pair.getPrivate()));

    assertThat(accounts.identify("Bearer " + good, null).roles()).containsExactly("editor");
    assertThat(accounts.identify("Bearer " + rsa, null).name()).isEqualTo("bob");
    String late = JWT.create().withSubject("ann").withExpiresAt(Instant.EPOCH).sign(hmac);
    String nameless = JWT.create().withExpiresAt(later).sign(hmac);
    String endless = JWT.create().withSubject("ann").sign(hmac);
    String unsigned = JWT.create().withSubject("ann").withExpiresAt(later).sign(Algorithm.none());
    String other =
        JWT.create().withSubject("ann").withExpiresAt(later).sign(Algorithm.HMAC256("other"));
    String unknown = JWT.create().withKeyId("x").withSubject("ann").withExpiresAt(later).sign(hmac);
    for (String bad : List.of(late, nameless, endless, unsigned, other, unknown, "x.y.z", "")) {
      assertThatThrownBy(() -> accounts.identify("Bearer " + bad, null))
          .isInstanceOf(LoginException.class);
    }
  }

  @Test
  void settings_areThereAfterARestart_andOnlyTheirOwnersToRead() throws Exception {
    closed();

    Settings again = Settings.open(folder.resolve("settings.json"));

    assertThat(again.section("admins")).containsOnlyKeys("root");
    assertThat(again.set("admins", "root", null)).isPresent();
    assertThat(Settings.open(folder.resolve("settings.json")).section("admins")).isEmpty();
    assertThat(Files.getPosixFilePermissions(folder.resolve("settings.json"))).hasSize(2);
    Files.writeString(folder.resolve("settings.json"), "{\"a\": {\"b\": 7}}");
    assertThatThrownBy(() -> Settings.open(folder.resolve("settings.json")))
        .isInstanceOf(Settings.InvalidSettingsException.class);
  }

  @Test
  void again_whatHasAnEnd_isEmptyThen() {
    closed();
    user("ann", "apple", "reader");
    Identity ann = accounts.login("ann", "apple");
    String cookie = accounts.cookie(ann).orElseThrow();
    Identity session = accounts.identify(null, cookie);
    Supplier<Optional<Identity>> bySession = accounts.again(session, null, cookie);
    assertThat(bySession.get()).contains(session);

    Identity eve = new Identity("eve", java.util.Set.of("reader"), "jwt");
    assertThat(accounts.again(eve, bearer(Instant.now().plusSeconds(60)), null).get())
        .contains(eve);
    assertThat(accounts.again(eve, bearer(Instant.now().minusSeconds(1)), null).get()).isEmpty();
  }

  private static String bearer(Instant end) {
    return "Bearer " + JWT.create().withExpiresAt(end).sign(Algorithm.HMAC256("key"));
  }

  /** What was begun with the old password went on for ever. */
  @Test
  void again_passwordIsAnother_isEmpty() {
    closed();
    user("ann", "apple", "reader");
    Identity ann = accounts.login("ann", "apple");
    String cookie = accounts.cookie(ann).orElseThrow();
    Identity session = accounts.identify(null, cookie);
    Supplier<Optional<Identity>> byPassword = accounts.again(ann, "Basic x", null);
    Supplier<Optional<Identity>> bySession = accounts.again(session, null, cookie);
    assertThat(byPassword.get()).contains(ann);

    user("ann", "another", "reader");

    assertThat(byPassword.get()).isEmpty();
    assertThat(bySession.get()).isEmpty();
  }

  @Test
  void again_ofAnAccount_hasTheRolesThatItHasByNow() {
    Supplier<Optional<Identity>> anybody = accounts.again(Identity.ANYBODY, null, null);
    assertThat(anybody.get()).contains(Identity.ANYBODY);
    closed();
    assertThat(anybody.get()).contains(Identity.NOBODY);
    ObjectNode document = user("ann", "apple", "reader");
    Supplier<Optional<Identity>> ann = accounts.again(accounts.login("ann", "apple"), null, null);

    document.putArray("roles").add("writer");
    write("ann", document);
    assertThat(ann.get().orElseThrow().roles()).containsExactly("writer");

    users.clear();
    assertThat(ann.get()).contains(Identity.NOBODY);
  }
}
