package dev.stave.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A set of versions is a set of numbers, whatever their upper halves are. */
class VersionSetLaws {

  @Provide
  Arbitrary<Set<Long>> versions() {
    Arbitrary<Long> near = Arbitraries.longs().between(0, 300);
    Arbitrary<Long> base =
        Arbitraries.of(0L, 1L << 31, (1L << 32) - 100, 3L << 32, Long.MAX_VALUE - 300);
    return Combinators.combine(base, near).as(Long::sum).set().ofMaxSize(60);
  }

  private static VersionSet set(Set<Long> versions) {
    VersionSet set = new VersionSet();
    versions.forEach(set::add);
    return set;
  }

  private static void assertSame(VersionSet set, Set<Long> expected) {
    List<Long> found = new ArrayList<>();
    for (PrimitiveIterator.OfLong all = set.iterator(); all.hasNext(); ) {
      found.add(all.nextLong());
    }
    List<Long> backward = new ArrayList<>();
    set.forEachBackward(backward::add);
    assertThat(found).containsExactlyElementsOf(new TreeSet<>(expected));
    assertThat(backward).containsExactlyElementsOf(new TreeSet<>(expected).descendingSet());
    assertThat(set.size()).isEqualTo(expected.size());
    assertThat(set.isEmpty()).isEqualTo(expected.isEmpty());
    assertThat(expected).allMatch(set::contains);
  }

  @Property(tries = 300)
  void operations_areThoseOfSets(
      @ForAll("versions") Set<Long> left, @ForAll("versions") Set<Long> right) {
    Set<Long> expected = new TreeSet<>(left);
    VersionSet set = set(left);
    set.or(set(right));
    expected.addAll(right);
    assertSame(set, expected);
    assertThat(left).allMatch(version -> set.copy().contains(version));

    set.andNot(set(left));
    expected.removeAll(left);
    assertSame(set, expected);

    VersionSet both = set(left);
    both.and(set(right));
    Set<Long> inBoth = new TreeSet<>(left);
    inBoth.retainAll(right);
    assertSame(both, inBoth);

    right.forEach(set::remove);
    assertSame(set, Set.of());
  }

  @Property(tries = 200)
  void bytes_readAgain_areTheSet(@ForAll("versions") Set<Long> versions) {
    assertSame(VersionSet.of(set(versions).toBytes(), 0), versions);
  }

  @Property(tries = 50)
  void copy_changed_leavesTheOther(@ForAll("versions") Set<Long> versions) {
    VersionSet set = set(versions);
    VersionSet copy = set.copy();
    versions.forEach(copy::remove);
    copy.add(77);

    assertSame(set, versions);
  }

  @Property(tries = 100)
  void addRange_isEachOfIt(@ForAll("versions") Set<Long> begins) {
    VersionSet set = new VersionSet();
    Set<Long> expected = new TreeSet<>();
    for (long begin : begins) {
      long length = Math.min(begin % 150, Long.MAX_VALUE - begin);
      set.addRange(begin, begin + length);
      for (long version = begin; version < begin + length; version++) {
        expected.add(version);
      }
    }

    assertSame(set, expected);
  }

  @Property(tries = 300)
  void foundVersions_inAnyOrder_areTheSet(
      @ForAll("versions") Set<Long> first, @ForAll("versions") Set<Long> second) {
    Set<Long> expected = new TreeSet<>(first);
    expected.addAll(second);
    List<Long> shuffled = new ArrayList<>(first);
    shuffled.addAll(second);
    shuffled.addAll(first); // more than once, as a version with several values is found
    Collections.shuffle(shuffled, new Random(first.size()));
    FoundVersions found = new FoundVersions();
    shuffled.forEach(found::add);
    assertSame(found.take(), expected);

    second.forEach(found::add);
    found.addAll(set(first));
    assertSame(found.take(), expected);
    assertThat(found.take().isEmpty()).isTrue();
  }
}
