package dev.stave.server.graphql.catalogue;

import dev.stave.database.Database;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * What a database's documents have in them, in GraphQL's words: their types, and the fields of
 * these. It follows what is committed: a {@link Survey} looks at the documents, and what it has
 * seen of them is given types and fields ({@link GivenTypes}), which stay. JSON Schemas of the
 * database are followed as well.
 *
 * <p>For whoever holds {@link #lock()}: the other catalogues of the database give types with it.
 */
public final class Catalogue implements AutoCloseable {

  private final Database database;
  private final CatalogueTerms terms;
  private final SharedTypes shared;
  private final GivenTypes given;
  private final Survey survey;
  private long seen; // the sequence up to which it has looked
  private Declarations declarations = Declarations.NONE;
  private int typesDeclared; // types that had been given when it was declared last
  private long timesDeclared;

  private Catalogue(Database database, CatalogueTerms terms, SharedTypes shared) {
    this.database = database;
    this.terms = terms;
    this.shared = shared;
    this.given = shared.types();
    this.survey = new Survey(database, terms);
    Survey.Seen all = survey.all();
    given.grow(database, terms, all.bodies());
    this.seen = all.sequence();
    followDeclarations();
  }

  /**
   * That of {@code database}, to be closed again; it knows what the index knows now.
   *
   * @param isTypeReserved names of types that are not of the data
   * @param isFieldReserved names of fields to ask for, or to listen to, that are not
   * @throws IllegalArgumentException if a name that {@code terms} keep is that of a field
   */
  public static Catalogue of(
      Database database,
      CatalogueTerms terms,
      Predicate<String> isTypeReserved,
      Predicate<String> isFieldReserved) {
    SharedTypes shared = SharedTypes.join(database, terms, isTypeReserved, isFieldReserved);
    boolean isReady = false;
    shared.lock().lock();
    try {
      Catalogue catalogue = new Catalogue(database, terms, shared);
      isReady = true;
      return catalogue;
    } finally {
      shared.lock().unlock();
      if (!isReady) {
        shared.leave(database, terms);
      }
    }
  }

  /** To be held by whoever uses it, or reads what it has. */
  public ReentrantLock lock() {
    return shared.lock();
  }

  /** Looks at all that was committed before, for as long as {@code goesOn}. */
  public void follow(BooleanSupplier goesOn) {
    long last = goesOn.getAsBoolean() ? database.lastSequence() : seen;
    while (seen < last && goesOn.getAsBoolean()) {
      Survey.Seen more = survey.since(seen, last);
      given.grow(database, terms, more.bodies());
      seen = more.sequence(); // last: what cannot be written down is looked at again
    }
    followDeclarations();
  }

  /** Gives what JSON Schemas say, if that or the types are others now. */
  private void followDeclarations() {
    Declarations now = Declarations.of(database, terms.typePath(), declarations);
    boolean areOthers = now != declarations;
    if (areOthers) {
      declarations = now;
      timesDeclared++;
    }
    if (areOthers || typesDeclared != given.types().size()) {
      given.grow(database, terms, now.shapes(given.types()));
      typesDeclared = given.types().size();
    }
  }

  /** The sequence up to which it has looked at what was committed. */
  public long seen() {
    return seen;
  }

  /** Another number each time that there is more, or that JSON Schemas say something else. */
  public long version() {
    return given.version(database) + timesDeclared; // neither is ever less
  }

  /** In the order in which they were given, that of documents without a type among them. */
  public List<DocumentType> types() {
    return given.types();
  }

  /** What JSON Schemas say. */
  public Declarations declarations() {
    return declarations;
  }

  /** Whether there may be paths without a field, since there are too many of them. */
  public boolean isFull() {
    return given.isFull(terms);
  }

  /**
   * Waits for whoever holds the lock: who comes next finds all that was written. To be called once.
   */
  @Override
  public void close() {
    shared.leave(database, terms);
  }
}
