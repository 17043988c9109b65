package dev.stave.server.graphql.catalogue;

import dev.stave.server.graphql.catalogue.Place.Kind;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Gives fields to what was seen and has none. It is the one place where the schema grows; nothing
 * is ever taken away. For one thread.
 */
final class Growth {

  /**
   * Objects with more different members than this, that are alike, are maps: their members are
   * data, and become entries.
   */
  static final int MAX_MEMBERS = 128;

  /** Objects with more different members than this are maps, whatever is in them. */
  static final int MAX_UNLIKE_MEMBERS = 1_000;

  /** Of a map so many members, that most of its objects have, get fields all the same. */
  static final int MAX_USUAL = 32;

  /** Objects whose members all look like keys are maps if there are so many. */
  static final int MIN_KEYS = 4;

  /** The longest name of a member that gets a field, in characters: names are written down. */
  static final int MAX_NAME = 20_000;

  /** A name of so many characters more counts as a field more. */
  private static final int NAME_OF_FIELD = 16;

  /** What is nested deeper is JSON. */
  static final int MAX_DEPTH = 16;

  /** Of members that are alike nine in ten are of one kind. */
  private static final double ALIKE = 0.9;

  /** So many objects have to have been seen before their usual members are told from the others. */
  static final int MIN_OBJECTS = 16;

  /** Dates, times, numbers, UUIDs, long hexadecimal digits. */
  private static final Pattern KEY =
      Pattern.compile(
          "\\d{4}-\\d{2}(-\\d{2}.{0,24})?|\\d{1,20}"
              + "|[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
              + "|(?=.*\\d)[0-9a-fA-F]{16,128}");

  private static final String ENTRY = "value";

  private final Predicate<String> isTypeTaken;
  private final Set<String> types;
  private int fieldsLeft;
  private int given;

  /**
   * @param types names of types, to which more are added
   * @param isTypeTaken whether a name is that of another type
   * @param fieldsLeft so many fields may be given
   */
  Growth(Set<String> types, Predicate<String> isTypeTaken, int fieldsLeft) {
    this.types = types;
    this.isTypeTaken = name -> types.contains(name) || isTypeTaken.test(name);
    this.fieldsLeft = fieldsLeft;
  }

  /** Whether anything was given. */
  boolean hasGrown() {
    return given > 0;
  }

  int fieldsLeft() {
    return fieldsLeft;
  }

  /** A name for a type, which nothing else has. */
  String typeBelow(String parent, String field) {
    String name = Names.below(parent, field, isTypeTaken);
    types.add(name);
    return name;
  }

  /** Gives to {@code members} what objects were seen to have. */
  void grow(Members members, Observed seen, int depth) {
    int before = given;
    growAll(members, seen, depth);
    if (given != before) {
      members.hasGrown();
    }
  }

  private void growAll(Members members, Observed seen, int depth) {
    if (members.entries() == null && isMap(members, seen)) {
      growUsual(members, seen, depth);
      Place entries = new Place();
      members.entries(entries, typeBelow(members.typeName(), "entry"));
      given++;
    }
    Place entries = members.entries();
    if (entries == null) {
      seen.members().forEach((name, member) -> growField(members, name, member, depth));
      return;
    }
    Observed others = new Observed();
    seen.members()
        .forEach(
            (name, member) -> {
              if (members.places().containsKey(name)) {
                growField(members, name, member, depth);
              } else {
                others.add(member);
              }
            });
    growEntries(members, entries, others, depth);
  }

  private void growUsual(Members members, Observed seen, int depth) {
    if (seen.count() < MIN_OBJECTS) {
      return;
    }
    Map<String, Observed> usual = new LinkedHashMap<>(seen.members());
    usual.values().removeIf(member -> member.count() * 2 < seen.count());
    if (usual.size() <= MAX_USUAL) {
      usual.forEach((name, member) -> growField(members, name, member, depth));
    }
  }

  /** The entries' type has the value, and what else it may be, as fields. */
  private void growEntries(Members members, Place entries, Observed others, int depth) {
    if (others.types() != 0) {
      Members entry = new Members(members.entryTypeName());
      entry.take(entries, ENTRY);
      growPlace(entry, ENTRY, entries, others, depth + 1);
    }
  }

  private void growField(Members members, String name, Observed seen, int depth) {
    boolean isNew = !members.places().containsKey(name);
    boolean isRoom = fieldsLeft > 0 && name.length() <= MAX_NAME;
    if (seen.types() == 0 || (isNew && !isRoom) || isEmptyList(seen)) {
      return;
    }
    growPlace(members, name, members.place(name), seen, depth);
  }

  /** Nothing is known of lists without elements: they get a field when the first has one. */
  private static boolean isEmptyList(Observed seen) {
    return seen.types() == Observed.ARRAY && !hasElements(seen);
  }

  private static boolean hasElements(Observed seen) {
    Observed elements = seen.elements();
    return elements != null && elements.types() != 0 && !isEmptyList(elements);
  }

  private void growPlace(Members owner, String name, Place place, Observed seen, int depth) {
    int types = seen.types();
    if (place.kind() == Kind.UNKNOWN) {
      place.kind(firstKind(seen, depth));
      if (place.kind() == Kind.UNKNOWN) {
        return;
      }
      place.alias(owner.take(Names.ofField(name, owner::isTaken), name));
      give();
      fieldsLeft -= costOf(name);
    }
    if (place.kind() == Kind.JSON) {
      return;
    }
    if ((types & Observed.OBJECT) != 0) {
      growObjects(owner, name, place, seen, depth);
    }
    boolean isShown = true;
    if ((types & Observed.ARRAY) != 0 && hasElements(seen)) {
      isShown = growLists(owner, name, place, seen, depth);
    }
    isShown &= (types & Observed.SCALARS & ~typesOf(place.kind())) == 0;
    if (!isShown && place.valueAlias().isEmpty()) {
      place.valueAlias(owner.take(beside(owner, place, "value"), name));
      give();
    }
  }

  /** What a name costs beside its field: names are written down, in one document for a type. */
  static int costOf(String name) {
    return name.length() / NAME_OF_FIELD;
  }

  private void give() {
    given++;
    fieldsLeft--;
  }

  private static String beside(Members owner, Place place, String what) {
    return Names.ofField(place.alias() + "_" + what, owner::isTaken);
  }

  private void growObjects(Members owner, String name, Place place, Observed seen, int depth) {
    Members members = place.members();
    if (members == null) {
      String alias = place.alias();
      if (place.kind() != Kind.OBJECT) {
        if (depth >= MAX_DEPTH) {
          return;
        }
        alias = owner.take(beside(owner, place, "object"), name);
        place.objectAlias(alias);
        give();
      }
      members = new Members(typeBelow(owner.typeName(), alias));
      place.members(members);
    }
    grow(members, seen, depth + 1);
  }

  /** Returns whether all that is in the lists has a field that gives it. */
  private boolean growLists(Members owner, String name, Place place, Observed seen, int depth) {
    Place elements = place.elements();
    if (elements == null) {
      if (place.kind() != Kind.LIST) {
        if (depth >= MAX_DEPTH) {
          return false;
        }
        place.listAlias(owner.take(beside(owner, place, "list"), name));
        give();
      }
      elements = new Place();
      elements.alias(place.kind() == Kind.LIST ? place.alias() : place.listAlias());
      place.elements(elements);
    }
    return growElements(owner, elements, seen.elements(), depth + 1);
  }

  private boolean growElements(Members owner, Place elements, @Nullable Observed seen, int depth) {
    if (seen == null || seen.types() == 0 || isEmptyList(seen)) {
      return true;
    }
    if (elements.kind() == Kind.UNKNOWN) {
      boolean isOfOneType = Integer.bitCount(seen.types()) == 1;
      elements.kind(isOfOneType ? firstKind(seen, depth) : Kind.JSON);
      given++;
    }
    if (elements.kind() == Kind.JSON) {
      return true;
    }
    boolean isShown = (seen.types() & ~typesOf(elements.kind())) == 0;
    if (elements.kind() == Kind.OBJECT && (seen.types() & Observed.OBJECT) != 0) {
      Members members = elements.members();
      if (members == null) {
        members = new Members(typeBelow(owner.typeName(), elements.alias()));
        elements.members(members);
      }
      grow(members, seen, depth + 1);
    }
    if (elements.kind() == Kind.LIST && (seen.types() & Observed.ARRAY) != 0) {
      Place inner = elements.elements();
      if (inner == null) {
        inner = new Place();
        inner.alias(elements.alias());
        elements.elements(inner);
      }
      isShown &= growElements(owner, inner, seen.elements(), depth + 1);
    }
    return isShown;
  }

  /** The kind of a new field: objects before lists before scalars, of which several are JSON. */
  private static Kind firstKind(Observed seen, int depth) {
    int types = seen.types();
    int scalars = types & Observed.SCALARS;
    if ((types & (Observed.OBJECT | Observed.ARRAY)) != 0 && depth >= MAX_DEPTH) {
      return Kind.JSON;
    }
    if ((types & Observed.OBJECT) != 0) {
      return Kind.OBJECT;
    }
    if ((types & Observed.ARRAY) != 0 && hasElements(seen)) {
      return Kind.LIST;
    }
    return switch (scalars) {
      case 0 -> Kind.UNKNOWN;
      case Observed.STRING -> Kind.STRING;
      case Observed.NUMBER -> Kind.NUMBER;
      case Observed.BOOLEAN -> Kind.BOOLEAN;
      default -> Kind.JSON;
    };
  }

  private static int typesOf(Kind kind) {
    return switch (kind) {
      case STRING -> Observed.STRING;
      case NUMBER -> Observed.NUMBER;
      case BOOLEAN -> Observed.BOOLEAN;
      case OBJECT -> Observed.OBJECT;
      case LIST -> Observed.ARRAY;
      case JSON, UNKNOWN -> Observed.SCALARS;
    };
  }

  /** Whether the names of the members are data. */
  private static boolean isMap(Members members, Observed seen) {
    Map<String, Observed> found = seen.members();
    int fresh = 0;
    int[] alike = new int[3]; // objects, lists, scalars
    int keys = 0;
    for (Map.Entry<String, Observed> member : found.entrySet()) {
      fresh += members.places().containsKey(member.getKey()) ? 0 : 1;
      keys += KEY.matcher(member.getKey()).matches() ? 1 : 0;
      int types = member.getValue().types();
      alike[0] += (types & Observed.OBJECT) != 0 ? 1 : 0;
      alike[1] += (types & Observed.ARRAY) != 0 ? 1 : 0;
      alike[2] += (types & Observed.SCALARS) != 0 ? 1 : 0;
    }
    int all = members.places().size() + fresh;
    if (members.places().isEmpty() && keys == found.size() && keys >= MIN_KEYS) {
      return true;
    }
    if (all <= MAX_MEMBERS || fresh == 0) {
      return false;
    }
    int most = Math.max(alike[0], Math.max(alike[1], alike[2]));
    boolean areAlike = most >= found.size() * ALIKE && !isWide(seen);
    return areAlike || all > MAX_UNLIKE_MEMBERS;
  }

  /** Whether the members are those of a wide record: most objects have most of them. */
  private static boolean isWide(Observed seen) {
    long usual =
        seen.members().values().stream()
            .filter(member -> member.count() * 2 >= seen.count())
            .count();
    return seen.count() >= MIN_OBJECTS && usual * 2 >= seen.members().size();
  }
}
