package dev.stave.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.database.Database;
import dev.stave.json.JsonObject;
import dev.stave.sync.peer.LocalPeer;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CourseTest {

  private final Database source = Database.inMemory();
  private final Database target = Database.inMemory();
  private final Course course =
      new Course(
          LocalPeer.of(source),
          LocalPeer.of(target),
          ReplicationOptions.DEFAULT,
          new FakeWorkers(1),
          source,
          null);

  /** What settles may purge: nothing may be compared with what is there before that. */
  @Test
  void takesLook_moreCameSinceSettlingWasTaken_waitsUntilItHasSettled() {
    source.put("one", JsonObject.parse("{\"n\": 1}"));
    course.begin();
    copyAll();
    assertThat(course.takesSettle()).isTrue();
    source.put("two", JsonObject.parse("{\"n\": 2}"));

    course.wake();
    boolean whileItIsTaken = course.takesLook();
    course.settle();

    assertThat(whileItIsTaken).isFalse();
    assertThat(course.isSettled()).isFalse();
    copyAll();
    assertThat(target.get("two")).isPresent();
    assertThat(course.takesSettle()).isTrue();
    course.settle();
    assertThat(course.isSettled()).isTrue();
  }

  @Test
  void takesSettle_aBatchIsNotWritten_waits() {
    source.put("one", JsonObject.parse("{\"n\": 1}"));
    course.begin();
    assertThat(course.takesLook()).isTrue();
    assertThat(course.takesSettle()).as("while it looks").isFalse();
    course.look();
    assertThat(course.takesSettle()).as("before it is fetched").isFalse();
    Optional<Runnable> fetch = course.takeFetch();
    assertThat(course.takesSettle()).as("while it fetches").isFalse();
    fetch.get().run();
    assertThat(course.takesWrite()).isTrue();
    assertThat(course.takesSettle()).as("while it writes").isFalse();
    course.write();

    copyAll();

    assertThat(course.takesSettle()).isTrue();
    assertThat(course.takesSettle()).as("once more").isFalse();
  }

  private void copyAll() {
    while (course.takesLook()) {
      course.look();
      course.takeFetch().ifPresent(Runnable::run);
      if (course.takesWrite()) {
        course.write();
      }
    }
  }
}
