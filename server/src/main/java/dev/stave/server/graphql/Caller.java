package dev.stave.server.graphql;

import dev.stave.database.WriteCheck;
import graphql.schema.DataFetchingEnvironment;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who asks, and what that one may. Whoever may ask at all may read.
 *
 * @param name the author of what is written; null for nobody who is named
 * @param check is asked before anything is written, whichever field wants it
 * @param has whether that one has a right; asked when it matters. It may throw a {@link
 *     GraphQLException} that says why not
 */
public record Caller(@Nullable String name, WriteCheck check, Predicate<Right> has) {

  /** What not everybody may. */
  public enum Right {
    /** To read the database. It is asked for with each event of a subscription. */
    READ,
    /** To ask what can be asked: the schema. */
    INTROSPECT,
    /** To make and drop forks: what is the database's as a whole. */
    TEND
  }

  /** Somebody who may do everything, and has no name: a program with the database in it. */
  public static final Caller PROGRAM = new Caller(null, WriteCheck.NONE, right -> true);

  /** Who made the request that {@code field} is part of. */
  static Caller of(DataFetchingEnvironment field) {
    return of(RequestContext.of(field).get(Caller.class));
  }

  static Caller of(@Nullable Object given) {
    return given instanceof Caller caller ? caller : PROGRAM;
  }

  /**
   * @throws GraphQLException if that one has not this right
   */
  void require(Right right) {
    if (!has.test(right)) {
      String whose =
          right == Right.READ
              ? "this database is not to be read any more"
              : "that is for those who tend the database";
      throw new GraphQLException(ErrorCode.FORBIDDEN, whose, "right", right);
    }
  }

  /**
   * The author of what is done: a person who settles something has a name, and takes no other.
   *
   * @param said the name that is given, or null
   * @throws GraphQLException if there is none, or it is another one
   */
  String author(@Nullable String said) {
    if (name != null && said != null && !said.equals(name)) {
      throw new GraphQLException(
          ErrorCode.FORBIDDEN, "the author is who is logged in", "author", said, "login", name);
    }
    String author = name == null ? said : name;
    if (author == null || author.isEmpty()) {
      throw new GraphQLException(ErrorCode.BAD_REQUEST, "say who you are, or log in: author");
    }
    return author;
  }
}
