package dev.stave.server.accounts;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.exceptions.JWTDecodeException;
import com.auth0.jwt.exceptions.JWTVerificationException;
import com.auth0.jwt.interfaces.DecodedJWT;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * JSON Web Tokens that others issue. Their keys are in the section {@code jwt_keys}, as in CouchDB:
 * {@code hmac:name} (in base64), {@code rsa:name} or {@code ec:name} (a public key as PEM), where
 * the name is a token's {@code kid}, or {@code _default}.
 */
final class Tokens {

  static final String SECTION = "jwt_keys";

  /** How an identity says that a token told it. */
  static final String BY = "jwt";

  private static final String ROLES = "_couchdb.roles";
  private static final Set<String> HMAC = Set.of("HS256", "HS384", "HS512");
  private static final Set<String> RSA = Set.of("RS256", "RS384", "RS512");
  private static final Set<String> EC = Set.of("ES256", "ES384", "ES512");

  private final Settings settings;

  Tokens(Settings settings) {
    this.settings = settings;
  }

  /**
   * Who {@code token} is for.
   *
   * @throws LoginException if it is not good, or of a key that is not known
   */
  Identity check(String token) {
    try {
      DecodedJWT unchecked = JWT.decode(token);
      Algorithm algorithm = algorithm(unchecked.getAlgorithm(), unchecked.getKeyId());
      DecodedJWT good = JWT.require(algorithm).build().verify(token); // exp and nbf included
      String name = good.getSubject();
      if (name == null || good.getExpiresAt() == null) {
        throw new LoginException("a token names a subject (sub) and ends some time (exp)");
      }
      List<String> roles =
          Optional.ofNullable(good.getClaim(ROLES).asList(String.class)).orElse(List.of());
      return new Identity(name, Set.copyOf(roles), BY);
    } catch (JWTDecodeException e) {
      throw new LoginException("the token cannot be read");
    } catch (JWTVerificationException e) {
      throw new LoginException("the token is not good: " + e.getMessage());
    }
  }

  /** When a token that was good is so no more, in milliseconds since 1970. */
  static long endOf(String token) {
    Date end = JWT.decode(token).getExpiresAt();
    return end == null ? 0 : end.getTime();
  }

  private Algorithm algorithm(String name, String keyId) {
    String kind =
        HMAC.contains(name) ? "hmac" : RSA.contains(name) ? "rsa" : EC.contains(name) ? "ec" : "";
    String key =
        settings
            .get(SECTION, kind + ":" + (keyId == null ? "_default" : keyId))
            .orElseThrow(() -> new LoginException("the token is of a key that is not known"));
    try {
      switch (name) {
        case "HS256":
          return Algorithm.HMAC256(Base64.getDecoder().decode(key));
        case "HS384":
          return Algorithm.HMAC384(Base64.getDecoder().decode(key));
        case "HS512":
          return Algorithm.HMAC512(Base64.getDecoder().decode(key));
        case "RS256":
          return Algorithm.RSA256((RSAPublicKey) publicKey("RSA", key), null);
        case "RS384":
          return Algorithm.RSA384((RSAPublicKey) publicKey("RSA", key), null);
        case "RS512":
          return Algorithm.RSA512((RSAPublicKey) publicKey("RSA", key), null);
        case "ES256":
          return Algorithm.ECDSA256((ECPublicKey) publicKey("EC", key), null);
        case "ES384":
          return Algorithm.ECDSA384((ECPublicKey) publicKey("EC", key), null);
        default:
          return Algorithm.ECDSA512((ECPublicKey) publicKey("EC", key), null);
      }
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new LoginException("the key of the token is set wrong: " + kind + ":" + keyId);
    }
  }

  private static PublicKey publicKey(String kind, String pem) throws GeneralSecurityException {
    String base64 = pem.replace("\\n", "\n").replaceAll("-----[A-Z ]+-----|\\s", "");
    return KeyFactory.getInstance(kind)
        .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(base64)));
  }
}
