package dev.stave.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.IntNode;
import dev.stave.document.InvalidDocumentException;
import dev.stave.json.JsonObject;
import dev.stave.json.JsonPatch;
import dev.stave.json.JsonPointer;
import dev.stave.json.PatchFailedException;
import dev.stave.nodes.NodeQuery;
import dev.stave.query.Query;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Changes of parts are updates like all others: atomic, stale when somebody was faster. */
class DocumentPartsTest {

  private final Database database = Database.inMemory();
  private final DocumentParts parts = database.parts();
  private final RevisionId first = database.put("oak", json("{'n':1,'tags':['a']}"));

  @AfterEach
  void close() {
    database.close();
  }

  private static JsonObject json(String text) {
    return JsonObject.parse(text.replace('\'', '"'));
  }

  private static JsonPatch patch(String text) {
    return JsonPatch.parse(text.replace('\'', '"'));
  }

  private static final JsonPatch ADD_TAG = patch("[{'op':'add','path':'/tags/-','value':'b'}]");

  private String body(String id) {
    return database.get(id).orElseThrow().body().toString().replace('"', '\'');
  }

  @Test
  void patch_expectedRevision_isItsChild() {
    RevisionId second = parts.patch("oak", first, ADD_TAG);

    assertThat(body("oak")).isEqualTo("{'n':1,'tags':['a','b']}");
    assertThat(database.get("oak").orElseThrow().revision()).isEqualTo(second);
    assertThat(second.generation()).isEqualTo(2);
  }

  @Test
  void eachChange_noExpectedRevision_changesTheWinner() {
    parts.patch("oak", null, ADD_TAG);
    parts.mergePatch("oak", null, json("{'n':null,'m':{'x':1}}"));
    RevisionId last = parts.set("oak", null, JsonPointer.parse("/m/y"), IntNode.valueOf(2));

    assertThat(body("oak")).isEqualTo("{'tags':['a','b'],'m':{'x':1,'y':2}}");
    assertThat(last.generation()).isEqualTo(4);
  }

  @Test
  void eachChange_staleRevision_isRefused() {
    database.put("oak", first, json("{'n':2}"));

    for (Runnable change :
        List.<Runnable>of(
            () -> parts.patch("oak", first, ADD_TAG),
            () -> parts.patch("oak", first, patch("[{'op':'remove','path':'/none'}]")),
            () -> parts.mergePatch("oak", first, json("{}")),
            () -> parts.set("oak", first, JsonPointer.parse("/n"), IntNode.valueOf(3)),
            () -> parts.mergePatch("elm", first, json("{}")))) {
      assertThatThrownBy(change::run).isInstanceOf(StaleRevisionException.class);
    }
    assertThat(body("oak")).isEqualTo("{'n':2}");
  }

  @Test
  void patch_deletedOrMissingDocument_isRefused() {
    RevisionId tombstone = database.delete("oak", first);

    assertThatThrownBy(() -> parts.patch("oak", null, ADD_TAG))
        .isInstanceOf(NoSuchDocumentException.class)
        .hasMessageContaining("document=oak");
    assertThatThrownBy(() -> parts.patch("oak", tombstone, ADD_TAG))
        .isInstanceOf(StaleRevisionException.class);
    assertThatThrownBy(() -> parts.mergePatch("elm", null, json("{}")))
        .isInstanceOf(NoSuchDocumentException.class);
  }

  @Test
  void patch_leafThatDoesNotWin_isExtended() {
    RevisionId loser = RevisionId.parse("1-0");
    database.write(
        new WriteBatch()
            .graft("oak", new RevisionPath(List.of(loser), false), json("{'tags':[]}")));

    RevisionId longer = parts.patch("oak", loser, ADD_TAG);

    assertThat(database.get("oak", longer).orElseThrow().body()).isEqualTo(json("{'tags':['b']}"));
    assertThat(database.tree("oak").conflicts()).hasSize(1);
  }

  @Test
  void patch_thatDoesNotFit_writesNothing() {
    JsonPatch half =
        patch("[{'op':'remove','path':'/n'},{'op':'test','path':'/tags/0','value':'x'}]");

    assertThatThrownBy(() -> parts.patch("oak", null, half))
        .isInstanceOf(PatchFailedException.class)
        .hasMessageContaining("operation 1, test");
    assertThatThrownBy(() -> parts.patch("oak", first, half))
        .isInstanceOf(PatchFailedException.class);
    assertThatThrownBy(() -> parts.mergePatch("oak", null, json("{'_x':1}")))
        .isInstanceOf(InvalidDocumentException.class);

    assertThat(body("oak")).isEqualTo("{'n':1,'tags':['a']}");
    assertThat(database.lastSequence()).isEqualTo(1);
  }

  @Test
  void patch_manyThreadsWithoutRevision_losesNone() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      running.add(
          threads.submit(
              () -> {
                for (int k = 0; k < 25; k++) {
                  parts.patch("oak", null, ADD_TAG);
                }
              }));
    }
    for (Future<?> each : running) {
      each.get();
    }
    threads.shutdown();

    assertThat(database.get("oak").orElseThrow().body().sharedTree().get("tags")).hasSize(101);
  }

  @Test
  void nodes_ofAQuery_areByDocumentInItsOrder() {
    database.put("elm", json("{'n':3,'tags':['x','y']}"));
    database.put("ash", json("{'n':2}"));

    List<DocumentNodes> found = new ArrayList<>();
    parts.nodes(Query.where("{}").sortByDescending("n"), NodeQuery.parse("$.tags[*]"), found::add);

    assertThat(found).extracting(each -> each.document().id()).containsExactly("elm", "oak");
    assertThat(found.get(0).nodes()).hasToString("[$['tags'][0]: \"x\", $['tags'][1]: \"y\"]");
  }

  @Test
  void nodes_visitorThatHasEnough_endsTheQuery() {
    for (int i = 0; i < 10; i++) {
      database.put("d" + i, json("{'n':" + i + ",'tags':['x']}"));
    }
    List<String> found = new ArrayList<>();

    parts.nodes(
        Query.where("{}").sortBy("n"),
        NodeQuery.parse("$[?@ >= 1]"),
        each -> {
          found.add(each.document().id());
          return found.size() < 2;
        });

    assertThat(found).containsExactly("oak", "d1");
  }
}
