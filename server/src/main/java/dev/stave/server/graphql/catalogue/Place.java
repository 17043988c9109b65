package dev.stave.server.graphql.catalogue;

import org.jspecify.annotations.Nullable;

/**
 * What the values at one place of the documents are to GraphQL: a field, the elements of a list, or
 * the entries of an object whose names are data. It grows, and what it has given it never changes:
 * what is of another kind later gets fields beside it.
 */
public final class Place {

  /** What the field itself gives. */
  public enum Kind {
    /** Nothing yet: only nulls and empty lists were seen, and there is no field. */
    UNKNOWN,
    STRING,
    NUMBER,
    BOOLEAN,
    /** Any value, as JSON: scalars of several types, or what is nested too deep for a type. */
    JSON,
    OBJECT,
    LIST
  }

  private Kind kind = Kind.UNKNOWN;
  private String alias = "";
  private @Nullable Members members;
  private @Nullable Place elements;
  private String objectAlias = "";
  private String listAlias = "";
  private String valueAlias = "";

  public Kind kind() {
    return kind;
  }

  void kind(Kind given) {
    kind = given;
  }

  /** The name of its field; empty while there is none. */
  public String alias() {
    return alias;
  }

  void alias(String name) {
    alias = name;
  }

  /** What is in the objects here; null if none was given. */
  public @Nullable Members members() {
    return members;
  }

  void members(Members given) {
    members = given;
  }

  /** What is in the lists here; null if none was given. */
  public @Nullable Place elements() {
    return elements;
  }

  void elements(Place given) {
    elements = given;
  }

  /** The field beside it that gives objects, where it gives something else; or empty. */
  public String objectAlias() {
    return objectAlias;
  }

  void objectAlias(String name) {
    objectAlias = name;
  }

  /** The field beside it that gives lists, where it gives something else; or empty. */
  public String listAlias() {
    return listAlias;
  }

  void listAlias(String name) {
    listAlias = name;
  }

  /** The field beside it that gives any value as JSON; or empty. */
  public String valueAlias() {
    return valueAlias;
  }

  void valueAlias(String name) {
    valueAlias = name;
  }
}
