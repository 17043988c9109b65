package dev.stave.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.stave.document.Document;
import dev.stave.index.IndexSnapshot;
import dev.stave.index.KeyRange;
import dev.stave.index.VersionSet;
import dev.stave.json.JsonOrder;
import dev.stave.json.JsonPath;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.PrimitiveIterator;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongFunction;

/**
 * Counts and groups on one snapshot: from the index alone where it knows the values whole and each
 * document has at most one of them, and else by reading the documents.
 */
public final class GroupEngine {

  private static final int NO_PATH = -1;

  private final IndexSnapshot index;
  private final LongFunction<Document> documents;
  private final QueryBudget budget;

  private GroupEngine(IndexSnapshot index, LongFunction<Document> documents, QueryLimits limits) {
    this.index = index;
    this.documents = documents;
    this.budget = new QueryBudget(limits);
  }

  /** How many documents match. {@code documents} reads them from the snapshot of the index. */
  @SuppressWarnings("exports") // for the database alone
  public static long count(
      Selector selector,
      QueryLimits limits,
      IndexSnapshot index,
      LongFunction<Document> documents) {
    index.enter();
    try {
      return new GroupEngine(index, documents, limits).matching(selector).size();
    } finally {
      index.leave();
    }
  }

  /** The groups, in the order of their values. */
  @SuppressWarnings("exports") // for the database alone
  public static List<Group> run(
      Grouping grouping, IndexSnapshot index, LongFunction<Document> documents) {
    index.enter();
    try {
      return new GroupEngine(index, documents, grouping.limits()).run(grouping);
    } finally {
      index.leave();
    }
  }

  private List<Group> run(Grouping grouping) {
    VersionSet matching = matching(grouping.selector());
    int by = wholePath(grouping.by());
    int[] figures = grouping.figures().stream().mapToInt(this::wholePath).toArray();
    boolean isSingle = by != NO_PATH && (figures.length == 0 || index.isSingle(by));
    boolean areSingle =
        Arrays.stream(figures).allMatch(path -> path != NO_PATH && index.isSingle(path));
    Map<JsonNode, Group> groups = new TreeMap<>(JsonOrder.INSTANCE);
    if (isSingle && areSingle) {
      VersionSet known = matching.copy();
      known.andNot(index.partial());
      fromIndex(by, figures, known).forEach(group -> groups.put(group.value(), group));
      matching.and(index.partial());
    }
    addDocuments(grouping, matching, groups);
    return new ArrayList<>(groups.values());
  }

  private VersionSet matching(Selector selector) {
    Lookup.Answer answer = new Lookup(index, budget, false).find(selector);
    VersionSet matching = new VersionSet();
    VersionSet unsure = answer.rows();
    if (answer.exact()) {
      matching = unsure.copy();
      matching.andNot(index.partial());
      unsure.and(index.partial());
    }
    for (PrimitiveIterator.OfLong each = unsure.iterator(); each.hasNext(); ) {
      long version = each.nextLong();
      Document document = read(version);
      if (selector.matches(document.id(), document.body().sharedTree())) {
        matching.add(version);
      }
    }
    return matching;
  }

  private Document read(long version) {
    budget.readDocument();
    return documents.apply(version);
  }

  /** The one path that is meant, if the index has its values whole. */
  private int wholePath(JsonPath path) {
    int[] paths = index.paths(path);
    boolean isWhole =
        paths.length == 1
            && index.isExact(path)
            && index.isOrdered(paths[0])
            && !index.leftOut().mayExclude(path);
    return isWhole ? paths[0] : NO_PATH;
  }

  private List<Group> fromIndex(int by, int[] figures, VersionSet matching) {
    List<JsonNode> values = new ArrayList<>();
    List<VersionSet> members = new ArrayList<>();
    index.walkValues(
        by,
        KeyRange.ALL,
        false,
        (value, versions) -> {
          budget.checkTime();
          versions.and(matching);
          if (!versions.isEmpty()) {
            values.add(value);
            members.add(versions);
          }
          return true;
        });
    Figures[][] sums = new Figures[members.size()][figures.length];
    for (Figures[] ofGroup : sums) {
      Arrays.fill(ofGroup, Figures.NONE);
    }
    if (figures.length > 0) {
      GroupOf groupOf = new GroupOf(matching, members);
      for (int figure = 0; figure < figures.length; figure++) {
        add(figures[figure], figure, groupOf, sums);
      }
    }
    List<Group> groups = new ArrayList<>();
    for (int i = 0; i < members.size(); i++) {
      groups.add(new Group(values.get(i), members.get(i).size(), List.of(sums[i])));
    }
    return groups;
  }

  private void add(int path, int figure, GroupOf groupOf, Figures[][] sums) {
    index.walkValues(
        path,
        KeyRange.numbers(),
        false,
        (value, versions) -> {
          budget.checkTime();
          BigDecimal number = value.decimalValue();
          for (PrimitiveIterator.OfLong each = versions.iterator(); each.hasNext(); ) {
            int group = groupOf.get(each.nextLong());
            if (group >= 0) {
              sums[group][figure] = sums[group][figure].plus(number, 1);
            }
          }
          return true;
        });
  }

  /** In which group a version is: twelve bytes for each. */
  private static final class GroupOf {
    private final long[] versions;
    private final int[] groups;

    GroupOf(VersionSet matching, List<VersionSet> members) {
      versions = new long[Math.toIntExact(matching.size())];
      groups = new int[versions.length];
      Arrays.fill(groups, -1);
      int count = 0;
      for (PrimitiveIterator.OfLong each = matching.iterator(); each.hasNext(); ) {
        versions[count++] = each.nextLong();
      }
      for (int group = 0; group < members.size(); group++) {
        for (PrimitiveIterator.OfLong each = members.get(group).iterator(); each.hasNext(); ) {
          groups[Arrays.binarySearch(versions, each.nextLong())] = group;
        }
      }
    }

    /** Below zero if it is in none. */
    int get(long version) {
      int at = Arrays.binarySearch(versions, version);
      return at < 0 ? -1 : groups[at];
    }
  }

  private void addDocuments(Grouping grouping, VersionSet matching, Map<JsonNode, Group> groups) {
    Figures[] none = new Figures[grouping.figures().size()];
    Arrays.fill(none, Figures.NONE);
    for (PrimitiveIterator.OfLong each = matching.iterator(); each.hasNext(); ) {
      Document document = read(each.nextLong());
      Set<JsonNode> own = new TreeSet<>(JsonOrder.INSTANCE);
      own.addAll(values(grouping.by(), document));
      for (JsonNode value : own) {
        Group group = groups.getOrDefault(value, new Group(value, 0, List.of(none)));
        List<Figures> figures = new ArrayList<>();
        for (int i = 0; i < none.length; i++) {
          Figures sum = group.figures().get(i);
          for (JsonNode number : values(grouping.figures().get(i), document)) {
            sum = number.isNumber() ? sum.plus(number.decimalValue(), 1) : sum;
          }
          figures.add(sum);
        }
        groups.put(value, new Group(group.value(), group.count() + 1, figures));
      }
    }
  }

  private static List<JsonNode> values(JsonPath path, Document document) {
    if (path.isId()) {
      return List.of(TextNode.valueOf(document.id()));
    }
    List<JsonNode> values = new ArrayList<>();
    path.anyMatch(
        document.body().sharedTree(),
        value -> {
          values.add(value);
          return false;
        });
    return values;
  }
}
