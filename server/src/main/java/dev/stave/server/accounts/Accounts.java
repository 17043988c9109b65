package dev.stave.server.accounts;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.document.Document;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who asks: by password, by cookie or by token. Administrators are in the section {@code
 * admins} of the {@link Settings}, all others are documents of the database {@code _users}. Any
 * thread may call any method.
 */
public final class Accounts {

  /** The section of {@link Settings} with a password for each administrator. */
  public static final String ADMINS = "admins";

  private static final int SECRET_BYTES = 32;

  /**
   * So many passwords that were right are remembered, each as a digest that only this process can
   * make.
   */
  private static final int REMEMBERED = 1_000;

  private static final SecureRandom RANDOM = new SecureRandom();

  /** What is known of a name. */
  private record Account(PasswordHash password, Set<String> roles) {}

  private final Settings settings;
  private final Function<String, Optional<Document>> users;
  private final LongSupplier seconds;
  private final Tokens tokens;
  private final Lockout lockout;
  private final byte[] processKey = randomBytes();
  private final Map<String, String> remembered =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
          return size() > REMEMBERED;
        }
      };

  /**
   * @param users finds a document of {@code _users} by its id
   */
  public Accounts(Settings settings, Function<String, Optional<Document>> users) {
    this(settings, users, () -> TimeUnit.MILLISECONDS.toSeconds(System.currentTimeMillis()));
  }

  Accounts(Settings settings, Function<String, Optional<Document>> users, LongSupplier seconds) {
    this.settings = settings;
    this.users = users;
    this.seconds = seconds;
    this.tokens = new Tokens(settings);
    this.lockout = new Lockout(seconds);
  }

  /** With the secret of the settings, so that cookies stay good when the server starts again. */
  private Cookies cookies() {
    byte[] secret =
        settings
            .get("chttpd_auth", "secret")
            .map(text -> text.getBytes(StandardCharsets.UTF_8))
            .orElse(processKey);
    return new Cookies(secret, seconds);
  }

  private static byte[] randomBytes() {
    byte[] bytes = new byte[SECRET_BYTES];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  /** Whether there is an administrator: else everybody is one. */
  public boolean areClosed() {
    return areClosed(settings);
  }

  /** As {@link #areClosed()}, of a server with these {@code settings}. */
  public static boolean areClosed(Settings settings) {
    return !settings.section(ADMINS).isEmpty();
  }

  /** Makes {@code name} an administrator with {@code password}, or changes the password. */
  public static void setAdmin(Settings settings, String name, String password) {
    if (settings.get("chttpd_auth", "secret").isEmpty()) {
      String secret = Base64.getEncoder().encodeToString(randomBytes());
      settings.set("chttpd_auth", "secret", secret);
    }
    boolean isHash = PasswordHash.parse(password).isPresent();
    settings.set(ADMINS, name, isHash ? password : PasswordHash.of(password).toString());
  }

  /**
   * Who a request is of.
   *
   * @param authorization the header of this name, null if there is none
   * @param cookie the value of the cookie {@code AuthSession}, null if there is none
   * @throws LoginException if it says who it is of, and that is not true
   */
  public Identity identify(@Nullable String authorization, @Nullable String cookie) {
    if (!areClosed()) {
      return Identity.ANYBODY;
    }
    if (authorization != null && hasScheme("Basic", authorization)) {
      return basic(authorization.substring("Basic ".length()).trim());
    }
    if (authorization != null && hasScheme("Bearer", authorization)) {
      return tokens.check(authorization.substring("Bearer ".length()).trim());
    }
    return cookie == null || cookie.isEmpty() ? Identity.NOBODY : byCookie(cookie);
  }

  /**
   * Finds out who {@code who} is by now, whenever it is asked, for what goes on after it was asked:
   * an account may have other roles since it logged in, or be gone, which makes it nobody. What a
   * token said stays. It is empty once that is over by which {@code who} was found out: the time of
   * a token or a session is, or the password is another.
   *
   * @param authorization as for {@link #identify}
   * @param cookie as for {@link #identify}
   */
  public Supplier<Optional<Identity>> again(
      Identity who, @Nullable String authorization, @Nullable String cookie) {
    String name = who.name();
    if (Tokens.BY.equals(who.by()) && authorization != null) {
      long end = Tokens.endOf(authorization.substring("Bearer ".length()).trim());
      return () -> Optional.of(who).filter(same -> System.currentTimeMillis() < end);
    }
    if (name == null) {
      return () -> Optional.of(areClosed() ? Identity.NOBODY : Identity.ANYBODY);
    }
    Optional<PasswordHash> password = account(name).map(Account::password);
    Predicate<Account> isGood =
        "cookie".equals(who.by()) && cookie != null
            ? known -> isGood(cookie, known)
            : known -> password.equals(Optional.of(known.password()));
    return () -> {
      if (!areClosed()) {
        return Optional.of(Identity.ANYBODY);
      }
      Optional<Account> account = account(name);
      return account.isEmpty()
          ? Optional.of(Identity.NOBODY)
          : account.filter(isGood).map(known -> new Identity(name, known.roles(), who.by()));
    };
  }

  private static boolean hasScheme(String scheme, String authorization) {
    return authorization.regionMatches(true, 0, scheme + " ", 0, scheme.length() + 1);
  }

  private Identity basic(String base64) {
    String pair;
    try {
      pair = new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new LoginException("the Authorization header is not base64");
    }
    int colon = pair.indexOf(':');
    if (colon < 0) {
      throw new LoginException("the Authorization header has no name and password");
    }
    return login(pair.substring(0, colon), pair.substring(colon + 1));
  }

  /**
   * The user of this name.
   *
   * @throws LoginException if there is none, the password is another, or too many were tried
   */
  public Identity login(String name, String password) {
    lockout.require(name);
    Account account = account(name).orElseThrow(() -> refused(name));
    String digest = digest(name, password, account.password());
    if (!isRemembered(name, digest)) {
      if (!account.password().matches(password)) {
        throw refused(name);
      }
      remember(name, digest);
    }
    lockout.succeeded(name);
    return new Identity(name, account.roles(), "default");
  }

  private LoginException refused(String name) {
    lockout.failed(name);
    return new LoginException("Name or password is incorrect.");
  }

  /** To hash a password takes long, so one that was right need not be hashed again. */
  private String digest(String name, String password, PasswordHash hash) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(processKey);
      for (String part : new String[] {name, hash.toString(), password}) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        sha.update((byte) (bytes.length >> 8));
        sha.update((byte) bytes.length);
        sha.update(bytes);
      }
      return Base64.getEncoder().encodeToString(sha.digest());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every JVM has it
    }
  }

  private boolean isRemembered(String name, String digest) {
    synchronized (remembered) {
      return digest.equals(remembered.get(name));
    }
  }

  private void remember(String name, String digest) {
    synchronized (remembered) {
      remembered.put(name, digest);
    }
  }

  private Optional<Account> account(String name) {
    Optional<PasswordHash> admin = settings.get(ADMINS, name).flatMap(PasswordHash::parse);
    Optional<JsonNode> user =
        users.apply(UserDocuments.PREFIX + name).map(document -> document.body().sharedTree());
    Set<String> roles = new HashSet<>();
    user.ifPresent(body -> body.path("roles").forEach(role -> roles.add(role.asText())));
    roles.remove(Identity.ADMIN);
    if (admin.isPresent()) {
      roles.add(Identity.ADMIN);
      return Optional.of(new Account(admin.get(), roles));
    }
    return user.flatMap(PasswordHash::of).map(password -> new Account(password, roles));
  }

  private Identity byCookie(String cookie) {
    String name = Cookies.nameOf(cookie).orElse("");
    Optional<Account> account = name.isEmpty() ? Optional.empty() : account(name);
    return account
        .filter(known -> isGood(cookie, known))
        .map(known -> new Identity(name, known.roles(), "cookie"))
        .orElse(Identity.NOBODY); // it is over, or was never good: log in again
  }

  private boolean isGood(String cookie, Account account) {
    return cookies().age(cookie, account.password().salt()).isPresent();
  }

  /** A cookie for somebody who has logged in. */
  public Optional<String> cookie(Identity who) {
    String name = who.name();
    return name == null
        ? Optional.empty()
        : account(name).map(known -> cookies().make(name, known.password().salt()));
  }

  /** A new cookie in the place of one that gets old. */
  public Optional<String> renewed(String cookie) {
    return Cookies.nameOf(cookie)
        .flatMap(
            name ->
                account(name)
                    .map(known -> known.password().salt())
                    .filter(salt -> cookies().age(cookie, salt).orElse(0) > Cookies.FRESH_SECONDS)
                    .map(salt -> cookies().make(name, salt)));
  }

  /** How long a cookie is good. */
  public static long cookieSeconds() {
    return Cookies.SECONDS;
  }
}
