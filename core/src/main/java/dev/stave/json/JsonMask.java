package dev.stave.json;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which members of an object are wanted, and which of the objects in these. What is in a member
 * that is no object is wanted whole. Immutable.
 */
public final class JsonMask {

  /** All of a value. */
  public static final JsonMask WHOLE = new JsonMask(Map.of(), true);

  /** Nothing of an object. */
  public static final JsonMask NOTHING = new JsonMask(Map.of(), false);

  private final Map<String, JsonMask> wanted;
  private final boolean isWhole;

  /** The same, to be found by the bytes of a name: from the place of its hash on. */
  private final @Nullable Member[] members;

  /** A member that is wanted. */
  record Member(String name, byte[] utf8, JsonMask below) {}

  private JsonMask(Map<String, JsonMask> wanted, boolean isWhole) {
    this.wanted = wanted;
    this.isWhole = isWhole;
    this.members = new @Nullable Member[Integer.highestOneBit(Math.max(1, wanted.size())) << 2];
    wanted.forEach(
        (name, below) -> {
          byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
          int at = spread(hash(utf8)) & (members.length - 1);
          while (members[at] != null) {
            at = (at + 1) & (members.length - 1);
          }
          members[at] = new Member(name, utf8, below);
        });
  }

  /** The members of these names, and what is wanted of each. */
  public static JsonMask of(Map<String, JsonMask> members) {
    return members.isEmpty() ? NOTHING : new JsonMask(new LinkedHashMap<>(members), false);
  }

  /**
   * What is at these paths.
   *
   * @throws IllegalArgumentException if one has wildcards
   */
  public static JsonMask of(List<JsonPath> paths) {
    JsonMask mask = NOTHING;
    for (JsonPath path : paths) {
      JsonMask one = WHOLE;
      for (int step = path.steps().size() - 1; step >= 0; step--) {
        one = of(Map.of(path.memberAt(step), one));
      }
      mask = mask.and(one);
    }
    return mask;
  }

  /** What this wants, and what {@code other} wants. */
  public JsonMask and(JsonMask other) {
    if (isWhole || other.isWhole) {
      return WHOLE;
    }
    Map<String, JsonMask> both = new LinkedHashMap<>(wanted);
    other.wanted.forEach((name, below) -> both.merge(name, below, JsonMask::and));
    return of(both);
  }

  /** Whether all of a value is wanted. */
  public boolean isWhole() {
    return isWhole;
  }

  /** How many members are wanted. */
  int size() {
    return wanted.size();
  }

  /** The hash of a name that ends with {@code next}, of the hash of what is before it, or 0. */
  static int hash(int before, byte next) {
    return 31 * before + next;
  }

  /** The member whose name is these bytes, of which {@link #hash} was made; null if unwanted. */
  @Nullable Member member(byte[] bytes, int from, int to, int hash) {
    int last = members.length - 1;
    int at = spread(hash) & last;
    for (Member member = members[at]; member != null; member = members[at]) {
      if (isAt(member.utf8, bytes, from, to)) {
        return member;
      }
      at = (at + 1) & last;
    }
    return null;
  }

  /** The member of this name; null if it is not wanted. */
  @Nullable Member member(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    return member(bytes, 0, bytes.length, hash(bytes));
  }

  private static boolean isAt(byte[] name, byte[] bytes, int from, int to) {
    boolean isSame = name.length == to - from;
    for (int i = 0; isSame && i < name.length; i++) {
      isSame = name[i] == bytes[from + i];
    }
    return isSame;
  }

  private static int hash(byte[] bytes) {
    int hash = 0;
    for (byte each : bytes) {
      hash = hash(hash, each);
    }
    return hash;
  }

  private static int spread(int hash) {
    return hash ^ (hash >>> 15);
  }
}
