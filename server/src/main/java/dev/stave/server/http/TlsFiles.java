package dev.stave.server.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * Where the certificate and the private key are that a server shows its clients: in PEM or in
 * PKCS#12 files.
 */
public final class TlsFiles {

  private static final Pattern PEM =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");

  private final Path certificates;
  private final Path key;
  private final char[] password;
  private final boolean isPem;

  private TlsFiles(Path certificates, Path key, char[] password, boolean isPem) {
    this.certificates = certificates;
    this.key = key;
    this.password = password.clone();
    this.isPem = isPem;
  }

  /**
   * PEM files.
   *
   * @param certificates the server's own first, then those that lead to a known authority
   * @param key in PKCS#8, encrypted or not
   * @param password of the key; empty if it is not encrypted
   */
  public static TlsFiles pem(Path certificates, Path key, char[] password) {
    return new TlsFiles(certificates, key, password, true);
  }

  /** A PKCS#12 file with a key and its certificates. */
  public static TlsFiles pkcs12(Path store, char[] password) {
    return new TlsFiles(store, store, password, false);
  }

  /** The files, each once. */
  List<Path> paths() {
    return isPem ? List.of(certificates, key) : List.of(certificates);
  }

  /**
   * Reads them.
   *
   * @throws HttpServerException if they are not there or not what they should be
   */
  X509ExtendedKeyManager read() {
    try {
      KeyStore store = isPem ? pemStore() : pkcs12Store();
      requireMatch(store);
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, password);
      return (X509ExtendedKeyManager) factory.getKeyManagers()[0];
    } catch (IOException | GeneralSecurityException e) {
      throw new HttpServerException(
          "cannot use the TLS files " + paths() + ": " + e.getMessage() + advice(e));
    }
  }

  private static String advice(Exception e) {
    boolean isPassword = String.valueOf(e.getMessage()).contains("password");
    return isPassword ? "; --tls-password-file names a file with the right one" : "";
  }

  private KeyStore pkcs12Store() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(new ByteArrayInputStream(bytes(certificates)), password);
    return store;
  }

  private KeyStore pemStore() throws IOException, GeneralSecurityException {
    Collection<? extends Certificate> chain =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(bytes(certificates)));
    if (chain.isEmpty()) {
      throw new HttpServerException("there is no certificate in " + certificates);
    }
    Certificate own = chain.iterator().next();
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "stave",
        privateKey(own.getPublicKey().getAlgorithm()),
        password,
        chain.toArray(new Certificate[0]));
    return store;
  }

  private PrivateKey privateKey(String algorithm) throws IOException, GeneralSecurityException {
    List<String> others = new ArrayList<>();
    Matcher sections = PEM.matcher(new String(bytes(key), StandardCharsets.US_ASCII));
    while (sections.find()) {
      String name = sections.group(1);
      if (name.equals("PRIVATE KEY")) {
        return KeyFactory.getInstance(algorithm)
            .generatePrivate(new PKCS8EncodedKeySpec(decoded(sections.group(2))));
      }
      if (name.equals("ENCRYPTED PRIVATE KEY")) {
        return KeyFactory.getInstance(algorithm).generatePrivate(decrypted(sections.group(2)));
      }
      others.add(name);
    }
    boolean isOlder = others.stream().anyMatch(name -> name.endsWith(" PRIVATE KEY"));
    String advice =
        isOlder
            ? "; `openssl pkcs8 -topk8 -nocrypt -in " + key + " -out new.pem` makes one of it"
            : "";
    throw new HttpServerException("there is no PKCS#8 `PRIVATE KEY` in " + key + advice);
  }

  private PKCS8EncodedKeySpec decrypted(String base64)
      throws IOException, GeneralSecurityException {
    if (password.length == 0) {
      throw new HttpServerException(
          "the key in "
              + key
              + " is encrypted: --tls-password-file names a file with its password");
    }
    EncryptedPrivateKeyInfo encrypted;
    try {
      encrypted = new EncryptedPrivateKeyInfo(decoded(base64));
    } catch (IOException e) { // such as triple DES, which older programs take
      throw new HttpServerException(
          ("Java does not know how the key in " + key + " is encrypted (" + e.getMessage())
              + ("); `openssl pkcs8 -topk8 -v2 aes256 -in " + key)
              + " -out new.pem` makes one that it knows");
    }
    String name = encrypted.getAlgParameters().toString(); // of PBES2 it has both parts
    Key secret = SecretKeyFactory.getInstance(name).generateSecret(new PBEKeySpec(password));
    Cipher cipher = Cipher.getInstance(name);
    cipher.init(Cipher.DECRYPT_MODE, secret, encrypted.getAlgParameters());
    try {
      return encrypted.getKeySpec(cipher);
    } catch (GeneralSecurityException e) {
      throw new HttpServerException("the password does not open the key in " + key);
    }
  }

  private byte[] decoded(String base64) {
    try {
      return Base64.getMimeDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new HttpServerException("the key in " + key + " is damaged: " + e.getMessage());
    }
  }

  private static byte[] bytes(Path file) throws IOException {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new IOException("cannot read " + file + " (" + e.getClass().getSimpleName() + ")", e);
    }
  }

  /** What does not belong together would fail with each client, one by one. */
  private void requireMatch(KeyStore store) throws GeneralSecurityException {
    for (String alias : Collections.list(store.aliases())) {
      if (store.getKey(alias, password) instanceof PrivateKey own
          && store.getCertificate(alias) instanceof X509Certificate certificate) {
        certificate.checkValidity();
        if (!belongTogether(own, certificate.getPublicKey())) {
          throw new HttpServerException("the key is not the certificate's: " + paths());
        }
        return;
      }
    }
    throw new HttpServerException("there is no private key with a certificate in " + paths());
  }

  private static boolean belongTogether(PrivateKey own, PublicKey known)
      throws GeneralSecurityException {
    String algorithm = own.getAlgorithm();
    String name =
        algorithm.equals("RSA")
            ? "SHA256withRSA"
            : algorithm.equals("EC") ? "SHA256withECDSA" : algorithm;
    byte[] text = "stave".getBytes(StandardCharsets.US_ASCII);
    Signature signature = Signature.getInstance(name);
    signature.initSign(own);
    signature.update(text);
    byte[] signed = signature.sign();
    signature.initVerify(known);
    signature.update(text);
    return signature.verify(signed);
  }
}
