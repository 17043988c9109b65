package dev.stave.server.accounts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * What is kept of a password: PBKDF2 of it, in CouchDB's form, so that user documents replicate
 * both ways. New ones are made with SHA-256 and {@value #ITERATIONS} iterations.
 *
 * @param digest {@code sha}, {@code sha256} or {@code sha512}, as CouchDB names them
 * @param salt text, as it goes into the hash
 * @param derivedKey hex digits
 */
record PasswordHash(String digest, int iterations, String salt, String derivedKey) {

  static final int ITERATIONS = 600_000;

  /** One that takes longer is refused: it would keep the server busy with nothing. */
  static final int MAX_ITERATIONS = 10_000_000;

  private static final int SALT_BYTES = 16;
  private static final SecureRandom RANDOM = new SecureRandom();

  /** As an administrator's is written in CouchDB's configuration. */
  private static final Pattern TEXT =
      Pattern.compile(
          "-pbkdf2(?::(sha|sha224|sha256|sha384|sha512))?-([0-9a-f]+),([^,]+),([0-9]{1,8})");

  static PasswordHash of(String password) {
    return of(password, ITERATIONS);
  }

  static PasswordHash of(String password, int iterations) {
    byte[] salt = new byte[SALT_BYTES];
    RANDOM.nextBytes(salt);
    String text = HexFormat.of().formatHex(salt);
    return new PasswordHash(
        "sha256", iterations, text, derive("sha256", iterations, text, password));
  }

  /** Reads what {@link #toString} writes, and what CouchDB writes; empty if it is neither. */
  static Optional<PasswordHash> parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String digest = matcher.group(1) == null ? "sha" : matcher.group(1);
    return checked(
        new PasswordHash(
            digest, Integer.parseInt(matcher.group(4)), matcher.group(3), matcher.group(2)));
  }

  /** Reads the members of a user document; empty if it has no password that can be checked. */
  static Optional<PasswordHash> of(JsonNode user) {
    if (!user.path("password_scheme").asText().equals("pbkdf2")) {
      return Optional.empty();
    }
    return checked(
        new PasswordHash(
            user.path("pbkdf2_prf").asText("sha"),
            user.path("iterations").asInt(),
            user.path("salt").asText(),
            user.path("derived_key").asText().toLowerCase(Locale.ROOT)));
  }

  private static Optional<PasswordHash> checked(PasswordHash hash) {
    boolean known = Pattern.matches("sha(224|256|384|512)?", hash.digest());
    boolean bounded = hash.iterations() > 0 && hash.iterations() <= MAX_ITERATIONS;
    boolean whole =
        !hash.salt().isEmpty() && Pattern.matches("([0-9a-f]{2}){16,64}", hash.derivedKey());
    return known && bounded && whole ? Optional.of(hash) : Optional.empty();
  }

  /** Takes a large part of a second. */
  boolean matches(String password) {
    String derived = derive(digest, iterations, salt, password);
    return MessageDigest.isEqual(
        derived.getBytes(StandardCharsets.US_ASCII),
        derivedKey.getBytes(StandardCharsets.US_ASCII));
  }

  private static String derive(String digest, int iterations, String salt, String password) {
    String name = digest.equals("sha") ? "SHA1" : digest.toUpperCase(Locale.ROOT);
    int bits = digest.equals("sha") ? 160 : Integer.parseInt(digest.substring(3));
    PBEKeySpec spec =
        new PBEKeySpec(
            password.toCharArray(), salt.getBytes(StandardCharsets.UTF_8), iterations, bits);
    try {
      byte[] key =
          SecretKeyFactory.getInstance("PBKDF2WithHmac" + name).generateSecret(spec).getEncoded();
      return HexFormat.of().formatHex(key);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every JVM has them
    } finally {
      spec.clearPassword();
    }
  }

  void putInto(ObjectNode user) {
    user.put("password_scheme", "pbkdf2").put("pbkdf2_prf", digest).put("iterations", iterations);
    user.put("salt", salt).put("derived_key", derivedKey);
  }

  @Override
  public String toString() {
    return "-pbkdf2:" + digest + "-" + derivedKey + "," + salt + "," + iterations;
  }
}
