package dev.stave.server.graphql.catalogue;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What is in the objects at a place: an object type of GraphQL. It grows only. */
public final class Members {

  private final String typeName;

  // requests read both while the schema grows: of fields that their schema has, which stay
  private final Map<String, Place> places = Collections.synchronizedMap(new LinkedHashMap<>());
  private final Map<String, String> aliases =
      new ConcurrentHashMap<>(); // of fields, to members' names
  private final Set<String> reserved = new HashSet<>();
  private @Nullable Place entries;
  private String entryTypeName = "";
  private int growth; // of the thread that has it grow

  /** {@code typeName} is the name of its type. */
  Members(String typeName) {
    this.typeName = typeName;
  }

  public String typeName() {
    return typeName;
  }

  /** Another number each time that it, or something in it, has got a field or a type. */
  public int growth() {
    return growth;
  }

  void hasGrown() {
    growth++;
  }

  /** By the members' true names, in the order in which they were given. */
  public Map<String, Place> places() {
    return places;
  }

  /** The place of a member, a new one if there is none. */
  Place place(String name) {
    return places.computeIfAbsent(name, key -> new Place());
  }

  /** What the members are that have no field of their own; null if each gets one. */
  public @Nullable Place entries() {
    return entries;
  }

  /** The name of the type of one entry. */
  public String entryTypeName() {
    return entryTypeName;
  }

  void entries(Place given, String type) {
    entries = given;
    entryTypeName = type;
  }

  boolean isTaken(String alias) {
    return isField(alias) || reserved.contains(alias);
  }

  /** Whether a member has a field of the name. */
  boolean isField(String alias) {
    return aliases.containsKey(alias);
  }

  /** Keeps the names for fields that are of no member, in place of those that were kept so. */
  void reserve(Set<String> names) {
    reserved.clear();
    reserved.addAll(names);
  }

  /** Takes the name for a field of {@code member}. */
  String take(String alias, String member) {
    aliases.put(alias, member);
    return alias;
  }

  /** Takes the names of all fields of {@code member}. */
  void take(Place place, String member) {
    aliases.put(place.alias(), member);
    aliases.put(place.objectAlias(), member);
    aliases.put(place.listAlias(), member);
    aliases.put(place.valueAlias(), member);
  }

  /** The place that a field is of; null if there is no such field. */
  public @Nullable Place placeOf(String alias) {
    String member = aliases.get(alias);
    return member == null ? null : places.get(member);
  }

  /** The true name of the member that a field is of. */
  public String memberOf(String alias) {
    return aliases.getOrDefault(alias, alias);
  }
}
