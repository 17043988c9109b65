package dev.stave.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.StaveException;
import dev.stave.json.JsonObject;
import dev.stave.storage.MemoryStorage;
import dev.stave.storage.Table;
import dev.stave.storage.TableWriter;
import dev.stave.storage.Tables;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PathIndexTest {

  /** Tables on a disk that may be full. */
  private static final class Disk implements Tables {
    private final Tables tables = new MemoryStorage().tables();
    private volatile boolean isFull;

    private static final class NoRoom extends StaveException {
      private static final long serialVersionUID = 1L;

      NoRoom() {
        super("no room");
      }
    }

    @Override
    public List<Table> retained() {
      return tables.retained();
    }

    @Override
    public TableWriter write(long expected, boolean urgent) {
      if (isFull) {
        throw new NoRoom();
      }
      return tables.write(expected, urgent);
    }

    @Override
    public void replace(List<Table> old, @Nullable Table made) {
      tables.replace(old, made);
    }
  }

  private static void tell(PathIndex index, int from, int to) {
    JsonNode body = JsonObject.parse("{\"a\": 1}").sharedTree();
    for (int i = from; i <= to; i++) {
      index.apply(List.of(new IndexDelta("d" + i, i > 10 ? i - 10 : 0, i, body)), i);
    }
  }

  private static long count(PathIndex index, int sequence) {
    try (IndexSnapshot snapshot = index.at(sequence).orElseThrow()) {
      return snapshot.all().size();
    }
  }

  @Test
  void apply_diskFull_goesOnInMemoryAndWritesWhenThereIsRoom() {
    Disk disk = new Disk();
    PathIndex index = PathIndex.open(disk, 0, 0);
    tell(index, 1, 20);
    long flushedTo = index.flushedTo();
    assertThat(flushedTo).isPositive();
    disk.isFull = true;
    tell(index, 21, 60);

    assertThat(count(index, 60)).isEqualTo(10);
    assertThat(index.flushedTo()).isBetween(flushedTo, 21L);
    assertThat(index.trouble()).contains("no room");
    assertThatThrownBy(() -> index.rebuild(visitor -> {})).hasMessageContaining("no room");

    disk.isFull = false;
    tell(index, 61, 80);
    assertThat(count(index, 80)).isEqualTo(10);
    assertThat(index.flushedTo()).isGreaterThan(60);
    assertThat(index.trouble()).isEmpty();
    index.close();

    PathIndex again = PathIndex.open(disk, 0, 80);
    assertThat(again.flushedTo()).isEqualTo(80);
    assertThat(count(again, 80)).isEqualTo(10);
    again.close();
  }

  /** A version that ended while the tables were made anew is not in them. */
  @Test
  void at_sequenceBeforeTheEndOfARebuild_isRefused() {
    PathIndex index = PathIndex.open(new MemoryStorage().tables(), 1 << 20, 0);
    tell(index, 1, 5);
    JsonNode body = JsonObject.parse("{\"a\": 1}").sharedTree();
    index.rebuild(
        visitor -> {
          index.apply(List.of(new IndexDelta("d1", 1, 6, null)), 6);
          for (int i = 2; i <= 5; i++) {
            visitor.visit(i, "d" + i, body);
          }
        });

    assertThat(index.at(5)).isEmpty();
    assertThat(count(index, 6)).isEqualTo(4);
    index.close();
  }

  @Test
  void snapshot_closed_isRefusedAndClosingTwiceDoesNothing() {
    PathIndex index = PathIndex.open(new MemoryStorage().tables(), 0, 0);
    tell(index, 1, 5);
    IndexSnapshot snapshot = index.at(5).orElseThrow();
    snapshot.enter();
    snapshot.close();
    snapshot.close();
    assertThat(snapshot.all().size()).isEqualTo(5); // who is in it may go on
    snapshot.leave();

    assertThatThrownBy(snapshot::enter).isInstanceOf(IllegalStateException.class);
    index.close();
    index.close();
  }

  @Test
  void merges_ofManySmallTables_leaveFew() throws InterruptedException {
    Tables tables = new MemoryStorage().tables();
    PathIndex index = PathIndex.open(tables, 0, 0);
    tell(index, 1, 400);
    index.close();

    List<Table> left = tables.retained();
    assertThat(left.size()).isLessThan(4 * MergePolicy.TABLES);
    left.forEach(Table::release);
  }
}
