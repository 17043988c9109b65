package dev.stave.server.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.database.Database;
import dev.stave.json.JsonObject;
import dev.stave.revision.RevisionId;
import dev.stave.watch.Watch;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** What is listened to. */
@Timeout(60)
class GraphQLSubscriptionsTest {

  private final Database database = Database.inMemory();
  private final GraphQL graphql = GraphQL.of(database);

  @AfterEach
  void close() {
    graphql.close();
    database.close();
  }

  /** Asks for events, and keeps those that come. */
  private static final class Listener implements Subscriber<Map<String, @Nullable Object>> {
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private @Nullable Subscription subscription;

    @Override
    public void onSubscribe(Subscription begun) {
      subscription = begun;
    }

    @Override
    public void onNext(Map<String, @Nullable Object> body) {
      heard.add(String.valueOf(body));
    }

    @Override
    public void onError(Throwable failure) {
      heard.add("failed: " + failure.getMessage());
    }

    @Override
    public void onComplete() {
      heard.add("over");
    }

    Listener request(long count) {
      Objects.requireNonNull(subscription).request(count);
      return this;
    }

    void cancel() {
      Objects.requireNonNull(subscription).cancel();
    }

    String next() throws InterruptedException {
      return Objects.requireNonNull(heard.poll(20, TimeUnit.SECONDS), "nothing is told");
    }
  }

  private Listener listen(String query, Map<String, Object> variables) {
    GraphQLReply reply =
        graphql.execute(GraphQLRequest.of(query).variables(new LinkedHashMap<>(variables)));
    assertThat(reply.errors()).isEmpty();
    Listener listener = new Listener();
    Objects.requireNonNull(reply.events()).subscribe(listener);
    return listener;
  }

  @Test
  void subscription_withoutACursor_beginsWhenItIsListenedTo() throws Exception {
    for (String query : new String[] {"watch { kind id }", "changes { id }"}) {
      GraphQLReply reply = graphql.execute(GraphQLRequest.of("subscription { " + query + " }"));
      put("early " + query, "{}"); // after it was asked for
      Listener listener = new Listener();
      Objects.requireNonNull(reply.events()).subscribe(listener);
      listener.request(1);
      put("a " + query, "{}");

      assertThat(listener.next()).contains("id=a").doesNotContain("kind=CHANGED");
      listener.cancel();
    }
  }

  private static final String WATCH =
      "subscription ($selector: JSON, $since: String)"
          + " { watch(selector: $selector, since: $since) { kind id cursor document { _json } } }";
  private static final String CHANGES =
      "subscription ($since: String, $ids: [ID!]) { changes(since: $since, ids: $ids) { id revision"
          + " deleted cursor document { _json } } }";

  private RevisionId put(String id, String body) {
    return database.put(id, JsonObject.parse(body));
  }

  @Test
  void watch_tellsWhatComesChangesAndLeaves() throws Exception {
    put("before", "{\"n\":1}");
    Listener listener =
        listen(WATCH, Map.of("selector", Map.of("n", Map.of("$gt", 0)))).request(100);

    RevisionId first = put("a", "{\"n\":1}");
    assertThat(listener.next()).contains("kind=ADDED, id=a, cursor=2, document={_json={n=1}}");
    RevisionId second = database.put("a", first, JsonObject.parse("{\"n\":2}"));
    assertThat(listener.next()).contains("kind=CHANGED, id=a, cursor=3, document={_json={n=2}}");
    database.put("a", second, JsonObject.parse("{\"n\":0}"));
    assertThat(listener.next()).contains("kind=REMOVED, id=a, cursor=4, document=null");
    put("last", "{\"n\":1}"); // what comes next is this: there was nothing more
    assertThat(listener.next()).contains("kind=ADDED, id=last");
  }

  @Test
  void watch_sinceACursor_tellsFirstWhatCameMeanwhile() throws Exception {
    put("a", "{\"n\":1}");
    RevisionId gone = put("b", "{\"n\":1}");
    String since = Long.toString(database.lastSequence());
    put("c", "{\"n\":1}");
    database.put("b", gone, JsonObject.parse("{\"n\":0}"));
    put("d", "{\"n\":0}");

    Listener listener =
        listen(WATCH, Map.of("selector", Map.of("n", 1), "since", since)).request(100);

    assertThat(listener.next()).contains("kind=CHANGED, id=c");
    assertThat(listener.next()).contains("kind=REMOVED, id=b");
    assertThat(listener.next())
        .contains("kind=REMOVED, id=d"); // never there, for all that is known
    put("e", "{\"n\":1}");
    assertThat(listener.next()).contains("kind=ADDED, id=e");
  }

  @Test
  void subscriptions_whenItIsClosed_sayWhy() throws Exception {
    for (String query : new String[] {WATCH, CHANGES}) {
      GraphQL other = GraphQL.of(database);
      GraphQLReply reply = other.execute(GraphQLRequest.of(query).variables(new LinkedHashMap<>()));
      Listener waiting = new Listener();
      Objects.requireNonNull(reply.events()).subscribe(waiting);
      waiting.request(1);

      other.close("it was enough");

      assertThat(waiting.next()).isEqualTo("failed: it was enough");
      Listener late = new Listener();
      Objects.requireNonNull(reply.events()).subscribe(late);
      late.request(1);
      assertThat(late.next()).isEqualTo("failed: it was enough");
    }
  }

  @Test
  void documentsOfAType_areListenedToByTypedConditions() throws Exception {
    put("old", "{\"type\":\"lamp\",\"height\":12,\"name\":\"Old\"}");
    Listener listener =
        listen(
                "subscription ($over: Number!) { lamps(where: {height: {gt: $over}})"
                    + " { kind id cursor document { name height } } }",
                Map.of("over", 40))
            .request(100);

    RevisionId first = put("a", "{\"type\":\"lamp\",\"height\":52,\"name\":\"A\"}");
    assertThat(listener.next())
        .contains("kind=ADDED, id=a, cursor=2, document={name=A, height=52}");
    put("b", "{\"type\":\"lamp\",\"height\":40}");
    put("c", "{\"type\":\"ship\",\"height\":80,\"new\":{\"field\":1}}");
    database.put("a", first, JsonObject.parse("{\"type\":\"lamp\",\"height\":\"tall\"}"));
    assertThat(listener.next()).contains("kind=REMOVED, id=a");
    put("last", "{\"type\":\"lamp\",\"height\":41}"); // what comes next is this: nothing more came
    assertThat(listener.next()).contains("kind=ADDED, id=last");
  }

  @Test
  void documentsOfAType_sinceACursor_andBySelector_areThoseOfTheType() throws Exception {
    put("old", "{\"type\":\"lamp\",\"height\":12}");
    put("x", "{\"type\":\"ship\",\"height\":12}");
    Listener listener =
        listen(
                "subscription ($s: JSON) { lamps(selector: $s, since: \"0\") { kind id } }",
                Map.of("s", Map.of("height", 12)))
            .request(100);

    assertThat(listener.next()).contains("kind=CHANGED, id=old");
    assertThat(listener.next()).contains("kind=REMOVED, id=x"); // never there, for all it knows
    put("y", "{\"type\":\"lamp\",\"height\":12}");
    assertThat(listener.next()).contains("kind=ADDED, id=y");
  }

  @Test
  void documentsOfTypesThatAreWordsOfTheSchema_haveFieldsOfTheirOwn() {
    for (String type : new String[] {"change", "watch", "event", "document", "query", "group"}) {
      put(type, "{\"type\":\"" + type + "\",\"n\":1}");
    }
    GraphQLReply names =
        graphql.execute(
            GraphQLRequest.of(
                "{ document(id: \"document\") { __typename } events { nodes { n } }"
                    + " groups { nodes { n } } documentTypes { nodes { n } } }"));

    assertThat(names.errors()).isEmpty();
    assertThat(String.valueOf(names.data())).startsWith("{document={__typename=DocumentType}");
    listen("subscription { changes { id } }", Map.of()).cancel();
    listen("subscription { watch { id } }", Map.of()).cancel();
  }

  @Test
  void changes_sinceTheBeginning_tellEveryDocumentOnce_andGoOn() throws Exception {
    RevisionId first = put("a", "{}");
    database.put("a", first, JsonObject.parse("{\"n\":1}"));
    RevisionId b = put("b", "{}");
    database.delete("b", b);

    Listener listener = listen(CHANGES, Map.of("since", "0")).request(100);

    assertThat(listener.next()).contains("id=a", "revision=2-", "deleted=false", "{n=1}");
    assertThat(listener.next()).contains("id=b", "deleted=true", "document=null");
    put("c", "{}");
    assertThat(listener.next()).contains("id=c");
  }

  @Test
  void changes_ofSomeDocuments_tellOfTheseAlone() throws Exception {
    Listener listener = listen(CHANGES, Map.of("ids", java.util.List.of("b"))).request(100);
    put("a", "{}");
    put("b", "{}");

    assertThat(listener.next()).contains("id=b");
  }

  @Test
  void events_areMadeWhenTheyAreAskedFor_andNotBefore() throws Exception {
    Listener listener = listen(WATCH, Map.of("selector", Map.of()));
    RevisionId first = put("a", "{\"n\":1}");

    assertThat(listener.heard).isEmpty();
    listener.request(1);
    assertThat(listener.next()).contains("ADDED");
    database.delete("a", first);
    assertThat(listener.heard.poll(100, TimeUnit.MILLISECONDS)).isNull();
    listener.request(1);
    assertThat(listener.next()).contains("REMOVED");
  }

  @Test
  void events_ofAListenerThatIsTooSlow_endWithWhy_andGoOnByTheCursor() throws Exception {
    Listener slow = listen(WATCH, Map.of("selector", Map.of("n", Map.of("$exists", true))));
    for (int i = 0; i <= Watch.MAX_EVENTS; i++) {
      put("d" + i, "{\"n\":" + i + "}");
    }

    slow.request(1);

    assertThat(slow.next()).startsWith("failed: ").contains("watch again");
    Listener again =
        listen(WATCH, Map.of("selector", Map.of("n", Map.of("$exists", true)), "since", "0"))
            .request(Long.MAX_VALUE);
    for (int i = 0; i <= Watch.MAX_EVENTS; i++) {
      assertThat(again.next()).contains("id=d" + i + ",");
    }
  }

  @Test
  void events_ofAListenerThatCancelled_areNoMore() throws Exception {
    Listener listener = listen(CHANGES, Map.of()).request(100);
    put("a", "{}");
    listener.next();

    listener.cancel();
    put("b", "{}");

    assertThat(listener.heard.poll(100, TimeUnit.MILLISECONDS)).isNull();
  }

  @Test
  void since_thatIsNoCursor_isRefused() {
    for (String since : new String[] {"x", "-1", "7"}) {
      GraphQLReply reply =
          graphql.execute(
              GraphQLRequest.of("subscription { changes(since: \"" + since + "\") { id } }"));

      assertThat(String.valueOf(reply.body())).as(since).contains("BAD_REQUEST", "cursor");
      assertThat(reply.events()).isNull();
    }
  }

  @Test
  void cursor_ofAQuery_isWhereASubscriptionGoesOn() throws Exception {
    put("a", "{}");
    String cursor =
        String.valueOf(
            ((Map<?, ?>) graphql.execute(GraphQLRequest.of("{ _cursor }")).data()).get("_cursor"));
    put("b", "{}");

    assertThat(listen(CHANGES, Map.of("since", cursor)).request(1).next()).contains("id=b");
  }

  @Test
  void events_whenTheDatabaseIsClosed_end() throws Exception {
    Listener changes = listen(CHANGES, Map.of()).request(1);
    Listener watch = listen(WATCH, Map.of()).request(1);

    graphql.close();
    database.close();

    assertThat(changes.next()).startsWith("failed: ").contains("closed");
    assertThat(watch.next()).startsWith("failed: ").contains("closed");
  }

  @Test
  void changes_ofADocumentFarBehind_areFoundPageByPage() throws Exception {
    for (int i = 0; i < 2_500; i++) {
      put("d" + i, "{}");
    }
    put("z", "{}");

    Listener listener =
        listen(CHANGES, Map.of("since", "0", "ids", java.util.List.of("z"))).request(1);

    assertThat(listener.next()).contains("id=z");
  }
}
