package dev.stave.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.stave.json.JsonPath;
import dev.stave.json.JsonPath.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** Which known paths a path with wildcards means. */
class PathDictionaryLaws {

  @Property(tries = 3_000)
  void match_anyPath_findsThePathsThatTheStepsLeadTo(
      @ForAll("steps") List<Step> steps, @ForAll long seed) {
    Random random = new Random(seed);
    PathDictionary dictionary = new PathDictionary();
    List<List<@Nullable String>> names = new ArrayList<>(List.of(List.of(), List.of("_id")));
    for (int i = 0; i < 40; i++) {
      int parent = random.nextInt(names.size());
      String name = Arrays.asList("a", "b", "0", null).get(random.nextInt(4));
      if (parent != PathDictionary.ID && dictionary.child(parent, name) == names.size()) {
        List<@Nullable String> longer = new ArrayList<>(names.get(parent));
        longer.add(name);
        names.add(longer);
      }
    }
    int base = random.nextInt(3) == 0 ? random.nextInt(names.size()) : PathDictionary.ROOT;
    base = base == PathDictionary.ID ? PathDictionary.ROOT : base;

    List<@Nullable String> from = names.get(base);
    int[] found = dictionary.match(base, new JsonPath(steps));

    int[] expected =
        IntStream.range(0, names.size())
            .filter(path -> path != PathDictionary.ID)
            .filter(path -> leads(steps, below(from, names.get(path))))
            .toArray();
    assertThat(found).as("%s below %s in %s", steps, base, names).isEqualTo(expected);
  }

  @Property
  void guess_anyOrderOfPaths_isThePathThatTheDictionaryHas(@ForAll Random random) {
    PathDictionary dictionary = new PathDictionary();
    PathDictionary.Guess guess = dictionary.new Guess();
    int kinds = 2 + random.nextInt(100);
    for (int i = 0; i < 500; i++) {
      int parent = random.nextInt(dictionary.size());
      int which = random.nextInt(kinds);
      String name = which == 0 ? null : "n" + which;
      int end = random.nextInt(10) == 0 ? random.nextInt(200) : Integer.MAX_VALUE;
      int known = dictionary.known(parent, name);
      int size = dictionary.size();

      int path = guess.child(parent, name, end);

      boolean isNew = known < 0 && size < end;
      assertThat(path).isEqualTo(isNew ? size : known >= 0 && known < end ? known : -1);
      assertThat(dictionary.size()).isEqualTo(isNew ? size + 1 : size);
    }
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    return Arbitraries.<Step>of(
            new Step.Member("a"),
            new Step.Member("b"),
            new Step.Member("0"),
            new Step.Any(),
            new Step.AnyElement(),
            new Step.AnyDepth(),
            new Step.AnyDepth())
        .list()
        .ofMaxSize(7);
  }

  private static @Nullable List<@Nullable String> below(
      List<@Nullable String> base, List<@Nullable String> path) {
    boolean isBelow = path.size() >= base.size() && path.subList(0, base.size()).equals(base);
    return isBelow ? path.subList(base.size(), path.size()) : null;
  }

  /** What the words on the steps say, and nothing else. */
  private static boolean leads(List<Step> steps, @Nullable List<@Nullable String> names) {
    if (names == null || steps.isEmpty()) {
      return names != null && names.isEmpty();
    }
    Step step = steps.get(0);
    List<Step> rest = steps.subList(1, steps.size());
    if (step instanceof Step.AnyDepth && leads(rest, names)) {
      return true;
    }
    if (names.isEmpty() || !fits(step, names.get(0))) {
      return false;
    }
    return leads(step instanceof Step.AnyDepth ? steps : rest, names.subList(1, names.size()));
  }

  private static boolean fits(Step step, @Nullable String name) {
    if (step instanceof Step.Member member) {
      return name == null ? member.elementIndex() >= 0 : name.equals(member.name());
    }
    return !(step instanceof Step.AnyElement) || name == null;
  }

  @Example
  void match_manyAnyDepths_doesNotTryOneAfterTheOther() {
    PathDictionary dictionary = new PathDictionary();
    int at = PathDictionary.ROOT;
    for (int i = 0; i < 190; i++) {
      at = dictionary.child(at, "a");
    }
    for (int i = 0; i < 10_000; i++) {
      dictionary.child(at, "b" + i);
    }
    JsonPath path = JsonPath.parse("c." + "**.a.".repeat(20) + "**");

    assertTimeoutPreemptively(
        Duration.ofSeconds(2),
        () -> assertThat(dictionary.match(PathDictionary.ROOT, path)).isEmpty());
  }
}
