package dev.stave.spec.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.json.JsonObject;
import dev.stave.merge.FieldDiff;
import dev.stave.merge.MergePolicy;
import dev.stave.merge.MergeResult;
import dev.stave.merge.Side;
import dev.stave.merge.Strategy;
import dev.stave.merge.ThreeWayMerge;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Merges of a document of 100 KB and 2,000 leaves: 200 elements of 10 members each. Each of two
 * sides changed 100 leaves, inserted 10 elements, removed 5 and moved one.
 *
 * <pre>
 * keyed       the elements are known by an id
 * plain       they are not, but each has a name of its own
 * policies    as keyed, with ten rules of all kinds
 * fromBytes   as keyed, from the bytes of three documents to those of the merged one
 * diff        the field diff of one side, keyed, and its patch
 * numbers     a list of 20,000 numbers, of which each side replaced, inserted and removed 1 %
 * </pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class MergeBenchmark {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final MergePolicy POLICY =
      MergePolicy.NONE
          .with("items", new Strategy.ListByKey("id"))
          .with("items[].m1", Strategy.Plain.MAX)
          .with("items[].m2", Strategy.Plain.MIN)
          .with("items[].m3", Strategy.Plain.TEXT)
          .with("items[].m4", Strategy.Plain.LATEST)
          .with("items[].m5", Strategy.Plain.WINNER)
          .with("*.title", Strategy.Plain.ASK)
          .with("**.total", Strategy.Plain.COUNTER)
          .with("**.m6", Strategy.Plain.KEEP_BOTH)
          .with("tags", Strategy.Plain.SET_UNION);

  private final JsonNode[] keyed = new JsonNode[3];
  private final JsonNode[] plain = new JsonNode[3];
  private final JsonNode[] numbers = new JsonNode[3];
  private final byte[][] bytes = new byte[3][];

  @Setup
  public void make() {
    make(keyed, "id");
    make(plain, "name");
    for (int i = 0; i < 3; i++) {
      bytes[i] = JsonObject.of((ObjectNode) keyed[i]).bytes();
    }
    Random random = new Random(1);
    ArrayNode list = NODES.arrayNode();
    for (int i = 0; i < 20_000; i++) {
      list.add(random.nextInt(10_000));
    }
    numbers[0] = list;
    for (int side = 1; side < 3; side++) {
      ArrayNode edited = list.deepCopy();
      for (int i = 0; i < 67; i++) {
        edited.set(random.nextInt(edited.size()), NODES.numberNode(random.nextInt(10_000)));
        edited.insert(random.nextInt(edited.size()), random.nextInt(10_000));
        edited.remove(random.nextInt(edited.size()));
      }
      numbers[side] = edited;
    }
  }

  private static void make(JsonNode[] documents, String key) {
    Random random = new Random(7);
    ObjectNode base = NODES.objectNode();
    ArrayNode items = base.putArray("items");
    for (int i = 0; i < 200; i++) {
      items.add(item(key, i, random));
    }
    documents[0] = JsonObject.of(base).tree();
    for (int side = 1; side < 3; side++) {
      ObjectNode edited = base.deepCopy();
      ArrayNode list = (ArrayNode) edited.get("items");
      for (int i = 0; i < 100; i++) {
        ObjectNode item = (ObjectNode) list.get(random.nextInt(list.size()));
        item.put("m" + (1 + random.nextInt(9)), text(random));
      }
      for (int i = 0; i < 10; i++) {
        list.insert(random.nextInt(list.size()), item(key, 1_000 * side + i, random));
      }
      for (int i = 0; i < 5; i++) {
        list.remove(random.nextInt(list.size()));
      }
      list.insert(random.nextInt(100), list.remove(100 + random.nextInt(90)));
      documents[side] = JsonObject.of(edited).tree();
    }
  }

  private static ObjectNode item(String key, int number, Random random) {
    ObjectNode item = NODES.objectNode().put(key, "item-" + number);
    for (int m = 1; m < 10; m++) {
      item.put("m" + m, text(random));
    }
    return item;
  }

  private static String text(Random random) {
    return "some text of about forty-five letters " + random.nextInt(1_000_000);
  }

  private static MergeResult merge(JsonNode[] documents, MergePolicy policy) {
    return ThreeWayMerge.merge(
        documents[0],
        List.of(new Side(documents[1], 1L, null), new Side(documents[2], 2L, null)),
        policy);
  }

  @Benchmark
  public MergeResult keyed() {
    return merge(keyed, MergePolicy.NONE);
  }

  @Benchmark
  public MergeResult plain() {
    return merge(plain, MergePolicy.NONE);
  }

  @Benchmark
  public MergeResult policies() {
    return merge(keyed, POLICY);
  }

  @Benchmark
  public byte[] fromBytes() {
    JsonNode[] documents = new JsonNode[3];
    for (int i = 0; i < 3; i++) {
      documents[i] = JsonObject.parse(bytes[i]).sharedTree();
    }
    return merge(documents, MergePolicy.NONE).body().orElseThrow().bytes();
  }

  @Benchmark
  public Object diff() {
    return FieldDiff.between(keyed[0], keyed[1]).patch();
  }

  @Benchmark
  public MergeResult numbers() {
    return merge(numbers, MergePolicy.NONE);
  }
}
