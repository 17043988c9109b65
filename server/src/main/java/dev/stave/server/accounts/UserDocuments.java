package dev.stave.server.accounts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.StaveException;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The documents of the database {@code _users}: one for each user, whose id is {@code
 * org.couchdb.user:} and the name. A password is hashed before it is written.
 */
public final class UserDocuments {

  /** The database. */
  public static final String DATABASE = "_users";

  /** What ids begin with. */
  public static final String PREFIX = "org.couchdb.user:";

  private UserDocuments() {}

  /** Whether {@code who} may see the document {@code id}: its own, or as an administrator all. */
  public static boolean maySee(Identity who, String id) {
    return who.isAdmin() || who.name() != null && id.equals(PREFIX + who.name());
  }

  /**
   * What is to be written in the place of {@code body}.
   *
   * @param before what is there now
   * @throws RefusedUserException if it is no user, or not for {@code who} to write
   */
  public static JsonObject checked(
      Identity who, String id, JsonObject body, Optional<Document> before) {
    JsonNode user = body.sharedTree();
    if (!maySee(who, id)) {
      throw new RefusedUserException("you may write your own document only");
    }
    if (Document.isDesign(id)) {
      return body;
    }
    require(user.path("type").asText().equals("user"), "type must be user");
    require(user.path("name").isTextual(), "doc.name is required");
    String name = user.path("name").textValue();
    require(id.equals(PREFIX + name), "the id must be " + PREFIX + " and doc.name");
    require(!name.isEmpty() && name.indexOf(':') < 0, "doc.name is not empty and has no colon");
    requireRoles(who, user.path("roles"), before);
    return hashed(body);
  }

  private static void requireRoles(Identity who, JsonNode roles, Optional<Document> before) {
    require(roles.isArray(), "doc.roles must be an array");
    for (JsonNode role : roles) {
      require(role.isTextual(), "a role must be a string");
      require(!role.asText().startsWith("_"), "no role begins with an underscore");
    }
    if (!who.isAdmin()) {
      Set<String> old =
          before
              .map(document -> texts(document.body().sharedTree().path("roles")))
              .orElse(Set.of());
      require(old.equals(texts(roles)), "only administrators give roles");
    }
  }

  private static Set<String> texts(JsonNode values) {
    Set<String> texts = new HashSet<>();
    values.forEach(value -> texts.add(value.asText()));
    return texts;
  }

  private static JsonObject hashed(JsonObject body) {
    JsonNode user = body.sharedTree();
    JsonNode password = user.path("password");
    if (password.isMissingNode() || password.isNull()) {
      boolean keeps = PasswordHash.of(user).isPresent() || !user.has("password_scheme");
      require(keeps, "the password members cannot be read: send `password`, or pbkdf2");
      return body;
    }
    require(password.isTextual() && !password.asText().isEmpty(), "password must be a string");
    ObjectNode changed = body.tree();
    changed.remove("password");
    PasswordHash.of(password.textValue()).putInto(changed);
    return JsonObject.of(changed);
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new RefusedUserException(otherwise);
    }
  }

  /** A user document that is not right. */
  public static final class RefusedUserException extends StaveException {
    private static final long serialVersionUID = 1L;

    RefusedUserException(String message) {
      super(message);
    }
  }
}
