package dev.stave.fieldnotes.sync;

import android.security.keystore.KeyGenParameterSpec;
import android.security.keystore.KeyProperties;
import android.util.Log;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * Short texts that only this app on this device can read: AES in GCM, by a key of the Android
 * Keystore, which never leaves it. Where the key is gone, such as after the files were brought to
 * another device, a text is gone too.
 *
 * <p>Sealed: the length of the nonce in one byte, the nonce, and what is encrypted with its tag, in
 * base 64; of an empty text nothing.
 *
 * <p>Any thread may call any method, but the main one should not: another process has the key.
 */
final class Secrets {

  private static final String TAG = "FieldNotes";
  private static final String KEYSTORE = "AndroidKeyStore";
  private static final String KEY = "field-notes";
  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final int TAG_BITS = 128;

  private Secrets() {}

  /**
   * Encrypts {@code text}. Makes the key if there is none.
   *
   * @throws IllegalStateException if the device cannot
   */
  static synchronized String seal(String text) {
    if (text.isEmpty()) {
      return "";
    }
    try {
      try {
        Key known = key();
        if (known != null) {
          return seal(text, known);
        }
      } catch (GeneralSecurityException e) {
        Log.w(TAG, "the key is of no use any more: another is made", e);
      }
      return seal(text, newKey());
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("the keystore does not encrypt", e);
    }
  }

  private static String seal(String text, Key key) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(CIPHER);
    cipher.init(Cipher.ENCRYPT_MODE, key);
    byte[] nonce = cipher.getIV();
    byte[] encrypted = cipher.doFinal(text.getBytes(StandardCharsets.UTF_8));
    ByteBuffer sealed = ByteBuffer.allocate(1 + nonce.length + encrypted.length);
    sealed.put((byte) nonce.length).put(nonce).put(encrypted);
    return Base64.getEncoder().encodeToString(sealed.array());
  }

  /** What was sealed; empty if it cannot be read any more. */
  static synchronized Optional<String> open(String sealed) {
    if (sealed.isEmpty()) {
      return Optional.of("");
    }
    try {
      Key key = key();
      return key == null ? Optional.empty() : Optional.of(open(sealed, key));
    } catch (GeneralSecurityException | IOException | RuntimeException e) {
      // The keystore throws what it likes; and whoever wrote the text may have written another.
      Log.w(TAG, "what was sealed cannot be read", e);
      return Optional.empty();
    }
  }

  private static String open(String sealed, Key key) throws GeneralSecurityException {
    ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(sealed));
    byte[] nonce = new byte[bytes.get()];
    bytes.get(nonce);
    byte[] encrypted = new byte[bytes.remaining()];
    bytes.get(encrypted);
    Cipher cipher = Cipher.getInstance(CIPHER);
    cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, nonce));
    return new String(cipher.doFinal(encrypted), StandardCharsets.UTF_8);
  }

  private static @Nullable Key key() throws GeneralSecurityException, IOException {
    KeyStore keys = KeyStore.getInstance(KEYSTORE);
    keys.load(null);
    return keys.getKey(KEY, null);
  }

  private static Key newKey() throws GeneralSecurityException {
    KeyGenerator maker = KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, KEYSTORE);
    maker.init(
        new KeyGenParameterSpec.Builder(
                KEY, KeyProperties.PURPOSE_ENCRYPT | KeyProperties.PURPOSE_DECRYPT)
            .setBlockModes(KeyProperties.BLOCK_MODE_GCM)
            .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)
            .build());
    return maker.generateKey();
  }
}
