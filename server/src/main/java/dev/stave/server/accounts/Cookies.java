package dev.stave.server.accounts;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Session cookies: a name and a time that are signed by the server, with a key that changes with
 * the user's password. Nothing is kept of a session.
 */
final class Cookies {

  /** How long one is good. */
  static final long SECONDS = 600;

  /** Older than this, a new one is sent with the reply. */
  static final long FRESH_SECONDS = SECONDS / 10;

  private static final String ALGORITHM = "HmacSHA256";

  private final byte[] secret;
  private final LongSupplier seconds;

  Cookies(byte[] secret, LongSupplier seconds) {
    this.secret = secret.clone();
    this.seconds = seconds;
  }

  /** A cookie for {@code name}, whose password has {@code salt}. */
  String make(String name, String salt) {
    long now = seconds.getAsLong();
    String content = name + ":" + Long.toHexString(now);
    byte[] signed = concatenated(content + ":", sign(content, salt));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(signed);
  }

  /** The name that {@code cookie} is for, if anything; whether it is good is for {@link #age}. */
  static Optional<String> nameOf(String cookie) {
    return text(cookie).map(text -> text.split(":", 2)[0]).filter(name -> !name.isEmpty());
  }

  /** How old it is, in seconds; empty if it was not made here, for this salt, or is too old. */
  OptionalLong age(String cookie, String salt) {
    byte[] bytes = decode(cookie);
    int first = indexOf(bytes, 0);
    int second = first < 0 ? -1 : indexOf(bytes, first + 1);
    if (second < 0) {
      return OptionalLong.empty();
    }
    String content = new String(bytes, 0, second, StandardCharsets.UTF_8);
    byte[] signature = Arrays.copyOfRange(bytes, second + 1, bytes.length);
    if (!MessageDigest.isEqual(signature, sign(content, salt))) {
      return OptionalLong.empty();
    }
    long time = Long.parseLong(content.substring(content.indexOf(':') + 1), 16); // it is signed
    long age = seconds.getAsLong() - time;
    return age < 0 || age >= SECONDS ? OptionalLong.empty() : OptionalLong.of(age);
  }

  private static Optional<String> text(String cookie) {
    byte[] bytes = decode(cookie);
    return bytes.length == 0
        ? Optional.empty()
        : Optional.of(new String(bytes, StandardCharsets.UTF_8));
  }

  private static byte[] decode(String cookie) {
    try {
      return Base64.getUrlDecoder().decode(cookie);
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }

  private static int indexOf(byte[] bytes, int from) {
    for (int i = from; i < bytes.length; i++) {
      if (bytes[i] == ':') {
        return i;
      }
    }
    return -1;
  }

  private byte[] sign(String content, String salt) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      byte[] key = concatenated(salt, secret);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      return mac.doFinal(content.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every JVM has it
    }
  }

  private static byte[] concatenated(String text, byte[] more) {
    byte[] first = text.getBytes(StandardCharsets.UTF_8);
    byte[] all = Arrays.copyOf(first, first.length + more.length);
    System.arraycopy(more, 0, all, first.length, more.length);
    return all;
  }
}
