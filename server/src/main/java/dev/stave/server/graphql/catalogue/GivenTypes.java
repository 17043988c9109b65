package dev.stave.server.graphql.catalogue;

import dev.stave.database.Database;
import dev.stave.json.JsonPath;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The types and fields that a database's documents were given. There are only ever more of them,
 * and they are written down ({@link TypeRecords}) before anybody sees what is new: so a field that
 * was there is there again after a restart, and whatever became of the documents. For one thread at
 * a time ({@link SharedTypes}).
 */
final class GivenTypes {

  private final TypeRecords records;

  /** Of those who use them: some names no member gets. */
  private final List<CatalogueTerms> users = new ArrayList<>();

  /** What has grown and could not be written down yet. */
  private final Set<DocumentType> unwritten = new LinkedHashSet<>();

  private final Predicate<String> isTypeReserved;
  private final Predicate<String> isFieldReserved;
  private final Map<@Nullable String, DocumentType> types = new LinkedHashMap<>();
  private final Set<String> typeNames = new HashSet<>();
  private final Set<String> plurals = new HashSet<>();
  private int fields; // that were given
  private long version;

  /** Reads what was given before. */
  GivenTypes(
      Database database,
      JsonPath typePath,
      Predicate<String> isTypeReserved,
      Predicate<String> isFieldReserved) {
    this.isTypeReserved = name -> Names.isReservedType(name) || isTypeReserved.test(name);
    this.isFieldReserved = isFieldReserved;
    this.records = new TypeRecords(typePath);
    for (DocumentType given : records.read(database, this::known)) {
      DocumentType type = withFreePlural(given);
      types.put(type.value(), type);
      plurals.add(type.plural());
      fields += fieldsIn(type.members());
    }
    if (!types.containsKey(null)) {
      added(null);
    }
  }

  /** A name that means something else by now gives way. */
  private String known(String name) {
    Predicate<String> isTaken = other -> typeNames.contains(other) || isTypeReserved.test(other);
    String free = isTaken.test(name) ? Names.hashed(name, isTaken) : name;
    typeNames.add(free);
    return free;
  }

  private DocumentType withFreePlural(DocumentType type) {
    return isFieldTaken(type.plural())
        ? new DocumentType(type.number(), type.value(), type.members(), plural(type.name()))
        : type;
  }

  private String plural(String type) {
    return Names.plural(type, this::isFieldTaken);
  }

  private boolean isFieldTaken(String name) {
    return plurals.contains(name) || isFieldReserved.test(name);
  }

  private static int fieldsIn(Members members) {
    int fields = 0;
    for (Map.Entry<String, Place> member : members.places().entrySet()) {
      fields += fieldsIn(member.getValue()) + Growth.costOf(member.getKey());
    }
    Place entries = members.entries();
    return entries == null ? fields : fields + fieldsIn(entries);
  }

  private static int fieldsIn(Place place) {
    Members members = place.members();
    Place elements = place.elements();
    return 1
        + (place.objectAlias().isEmpty() ? 0 : 1)
        + (place.listAlias().isEmpty() ? 0 : 1)
        + (place.valueAlias().isEmpty() ? 0 : 1)
        + (members == null ? 0 : fieldsIn(members))
        + (elements == null ? 0 : fieldsIn(elements) - 1);
  }

  /** In the order in which they were given. */
  List<DocumentType> types() {
    return new ArrayList<>(types.values());
  }

  /** Whether there may be paths without a field, since there are too many of them. */
  boolean isFull(CatalogueTerms terms) {
    return fields >= terms.maxFields();
  }

  /**
   * Gives types and fields to what was seen, by the documents' type, as far as {@code terms} have
   * room for them, and writes down what is new.
   */
  void grow(Database database, CatalogueTerms terms, Map<@Nullable String, Observed> seen) {
    seen.forEach(
        (value, bodies) -> {
          DocumentType type = types.get(value);
          boolean isNew = type == null;
          if (type == null) {
            type = isRoom(value, terms) ? added(value) : null;
          }
          if (type != null) {
            int most = terms.maxFields();
            Growth growth = new Growth(typeNames, isTypeReserved, most - fields);
            growth.grow(type.members(), bodies, 0);
            fields = most - growth.fieldsLeft();
            if (isNew || growth.hasGrown()) {
              unwritten.add(type);
            }
          }
        });
    version(database);
  }

  /**
   * Another number each time that something was given and written down; what could not be written
   * before is so first.
   */
  long version(Database database) {
    if (!unwritten.isEmpty()) {
      records.write(database, unwritten);
      unwritten.clear(); // else by the next look
      version++;
    }
    return version;
  }

  /**
   * Keeps the names that {@code terms} want for other fields, until they leave.
   *
   * @throws IllegalArgumentException if a member has such a name, or two of them are the same
   */
  void use(CatalogueTerms terms) {
    Set<CatalogueTerms.Field> names = new HashSet<>();
    for (CatalogueTerms.Field each : terms.kept()) {
      DocumentType type = types.get(each.type());
      boolean isField = type != null && type.members().isField(each.name());
      if (isField || !names.add(each)) {
        throw new IllegalArgumentException(
            "the type "
                + (type == null ? each.type() : type.name())
                + " has a field "
                + each.name()
                + ": give the link another name");
      }
    }
    users.add(terms);
    types.values().forEach(this::reserve);
  }

  /** The names that nobody else has are free. */
  void leave(CatalogueTerms terms) {
    users.remove(terms);
    types.values().forEach(this::reserve);
  }

  private void reserve(DocumentType type) {
    Set<String> names = new HashSet<>();
    for (CatalogueTerms each : users) {
      for (CatalogueTerms.Field kept : each.kept()) {
        if (kept.type().equals(type.value())) {
          names.add(kept.name());
        }
      }
    }
    type.members().reserve(names);
  }

  private boolean isRoom(@Nullable String value, CatalogueTerms terms) {
    int others = types.size() - (types.containsKey(null) ? 1 : 0);
    return value == null || others < terms.maxTypes();
  }

  private DocumentType added(@Nullable String value) {
    String name =
        value == null
            ? DocumentType.RECORD
            : Names.ofType(value, typeNames::contains, isTypeReserved);
    int number =
        value == null
            ? 0
            : 1 + types.values().stream().mapToInt(DocumentType::number).max().orElse(0);
    DocumentType type = new DocumentType(number, value, new Members(name), plural(name));
    typeNames.add(name);
    plurals.add(type.plural());
    types.put(value, type);
    reserve(type);
    return type;
  }
}
