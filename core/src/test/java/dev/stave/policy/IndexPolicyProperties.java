package dev.stave.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.json.JsonPath;
import dev.stave.json.JsonPath.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What a walk leaves out, a question about any path that leads there is told of. */
class IndexPolicyProperties {

  private static final List<String> HIDDEN = List.of("a", "b", "[]", "*", "0");
  private static final List<String> WILD = List.of("**", "*");

  /** What stands in a document: members and elements. */
  private static List<Step> place(Random random) {
    List<Step> steps = new ArrayList<>();
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      String name = List.of("a", "b", "0", "[]").get(random.nextInt(4));
      steps.add(name.equals("[]") ? new Step.AnyElement() : new Step.Member(name));
    }
    return steps;
  }

  /** A path that leads there. */
  private static JsonPath leadingTo(List<Step> place, Random random) {
    List<String> names = new ArrayList<>();
    for (Step step : place) {
      if (random.nextInt(4) == 0) {
        names.add(WILD.get(random.nextInt(2)));
      } else {
        names.add(step instanceof Step.Member m ? m.name() : random.nextBoolean() ? "[]" : "0");
      }
    }
    return JsonPath.parse(String.join(".", names));
  }

  @Property
  void mayExclude_aPathToAnExcludedPlace_isTrue(@ForAll long seed) {
    Random random = new Random(seed);
    List<String> hidden = new ArrayList<>();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      hidden.add(HIDDEN.get(random.nextInt(HIDDEN.size())));
    }
    IndexPolicy policy = IndexPolicy.NONE.exclude(String.join(".", hidden));
    List<Step> steps = place(random);
    IndexPolicy.Place place = policy.root();
    for (Step step : steps) {
      if (!place.isExcluded()) {
        place = place.below(step instanceof Step.Member member ? member.name() : null);
      }
    }

    if (place.isExcluded()) {
      assertThat(policy.mayExclude(leadingTo(steps, random)))
          .as("%s of %s", steps, policy)
          .isTrue();
    }
  }

  @Property
  void of_whatToJsonWrote_isThePolicy(@ForAll long seed) {
    Random random = new Random(seed);
    IndexPolicy policy = IndexPolicy.NONE;
    for (int i = random.nextInt(3); i > 0; i--) {
      policy = policy.exclude(new JsonPath(place(random)).toString());
    }
    policy = random.nextBoolean() ? policy : policy.maxPaths(1 + random.nextInt(9));
    policy = random.nextBoolean() ? policy : policy.maxValuesPerDocument(1 + random.nextInt(9));

    assertThat(IndexPolicy.of(policy.toJson())).isEqualTo(policy);
  }
}
