package dev.stave.fieldnotes;

import android.security.keystore.KeyGenParameterSpec;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.InvalidAlgorithmParameterException;
import java.security.Key;
import java.security.KeyStoreSpi;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;
import java.security.cert.Certificate;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Collections;
import java.util.Date;
import java.util.Enumeration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.KeyGeneratorSpi;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a device has and Robolectric has not: keys by name, in memory. It gives them for AES in GCM,
 * of 256 bits, and for nothing else.
 */
final class MemoryKeystore extends Provider {

  private static final String NAME = "AndroidKeyStore";
  private static final int KEY_BYTES = 32;

  private final Map<String, SecretKey> keys = new ConcurrentHashMap<>();

  private MemoryKeystore() {
    super(NAME, "1", "the keys of a simulated device");
    putService(new Made(this, "KeyStore", NAME));
    putService(new Made(this, "KeyGenerator", "AES"));
  }

  /** From now on there is one, without keys. */
  static MemoryKeystore install() {
    remove();
    MemoryKeystore made = new MemoryKeystore();
    Security.addProvider(made);
    return made;
  }

  static void remove() {
    Security.removeProvider(NAME);
  }

  /** As after a reset of the device's lock, or on another device. */
  void forgetKeys() {
    keys.clear();
  }

  private static final class Made extends Service {

    private final MemoryKeystore keystore;

    Made(MemoryKeystore keystore, String type, String algorithm) {
      super(keystore, type, algorithm, "of this test", null, null);
      this.keystore = keystore;
    }

    @Override
    public Object newInstance(Object parameter) {
      return getType().equals("KeyStore") ? new Keys(keystore.keys) : new Maker(keystore.keys);
    }
  }

  private static final class Maker extends KeyGeneratorSpi {

    private final Map<String, SecretKey> keys;
    private KeyGenParameterSpec wanted;

    Maker(Map<String, SecretKey> keys) {
      this.keys = keys;
    }

    @Override
    protected void engineInit(AlgorithmParameterSpec parameters, SecureRandom random)
        throws InvalidAlgorithmParameterException {
      wanted = (KeyGenParameterSpec) parameters;
      if (wanted.getBlockModes().length != 1 || !wanted.getBlockModes()[0].equals("GCM")) {
        throw new InvalidAlgorithmParameterException("GCM only");
      }
    }

    @Override
    protected void engineInit(SecureRandom random) {
      throw new UnsupportedOperationException("a key has a name");
    }

    @Override
    protected void engineInit(int bits, SecureRandom random) {
      throw new UnsupportedOperationException("a key has a name");
    }

    @Override
    protected SecretKey engineGenerateKey() {
      byte[] bytes = new byte[KEY_BYTES];
      new SecureRandom().nextBytes(bytes);
      SecretKey key = new SecretKeySpec(bytes, "AES");
      keys.put(wanted.getKeystoreAlias(), key);
      return key;
    }
  }

  private static final class Keys extends KeyStoreSpi {

    private final Map<String, SecretKey> keys;

    Keys(Map<String, SecretKey> keys) {
      this.keys = keys;
    }

    @Override
    public Key engineGetKey(String alias, char[] password) {
      return keys.get(alias);
    }

    @Override
    public boolean engineContainsAlias(String alias) {
      return keys.containsKey(alias);
    }

    @Override
    public boolean engineIsKeyEntry(String alias) {
      return keys.containsKey(alias);
    }

    @Override
    public void engineDeleteEntry(String alias) {
      keys.remove(alias);
    }

    @Override
    public Enumeration<String> engineAliases() {
      return Collections.enumeration(keys.keySet());
    }

    @Override
    public int engineSize() {
      return keys.size();
    }

    @Override
    public void engineLoad(InputStream in, char[] password) {}

    // A device has no such things for this app.

    @Override
    public Certificate[] engineGetCertificateChain(String alias) {
      return null;
    }

    @Override
    public Certificate engineGetCertificate(String alias) {
      return null;
    }

    @Override
    public Date engineGetCreationDate(String alias) {
      return null;
    }

    @Override
    public boolean engineIsCertificateEntry(String alias) {
      return false;
    }

    @Override
    public String engineGetCertificateAlias(Certificate certificate) {
      return null;
    }

    @Override
    public void engineSetKeyEntry(String alias, Key key, char[] password, Certificate[] chain) {
      throw new UnsupportedOperationException("keys are made here");
    }

    @Override
    public void engineSetKeyEntry(String alias, byte[] key, Certificate[] chain) {
      throw new UnsupportedOperationException("keys are made here");
    }

    @Override
    public void engineSetCertificateEntry(String alias, Certificate certificate) {
      throw new UnsupportedOperationException("keys only");
    }

    @Override
    public void engineStore(OutputStream out, char[] password) {
      throw new UnsupportedOperationException("keys stay here");
    }
  }
}
