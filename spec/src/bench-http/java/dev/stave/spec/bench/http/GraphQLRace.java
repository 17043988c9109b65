package dev.stave.spec.bench.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.Database;
import dev.stave.database.WriteBatch;
import dev.stave.json.JsonObject;
import dev.stave.query.Query;
import dev.stave.server.graphql.GraphQL;
import dev.stave.server.graphql.GraphQLRequest;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** GraphQL: one query as a client, as a program and as the database has it; and subscriptions. */
final class GraphQLRace {

  private static final int DOCUMENTS = 10_000;
  private static final int SAMPLES = 10_000;
  private static final int CLIENTS = 16;
  private static final double SECONDS = 5;

  /** So many requests of a kind before those that count: until then the JVM compiles. */
  private static final int WARM = 30_000;

  private static final int SOCKETS = 10;
  private static final int SUBSCRIPTIONS = 10_000;
  private static final int GROWTHS = 15;
  private static final String SELECTOR = "{\"type\": \"book\", \"year\": {\"$gt\": 1990}}";

  /** 20 documents with 5 fields. */
  private static final String QUERY =
      "{ books(first: 20, where: {year: {gt: 1990}}) { nodes { _id title year author { name } tags"
          + " } } }";

  private GraphQLRace() {}

  private static String body(int number) {
    return String.format(
        Locale.ROOT,
        "{\"type\":\"book\",\"title\":\"Book %d\",\"year\":%d,\"author\":{\"name\":\"Author"
            + " %d\",\"born\":%d},\"tags\":[\"t%d\",\"u%d\"],\"text\":\"%s\"}",
        number,
        1900 + number % 120,
        number % 97,
        1850 + number % 100,
        number % 7,
        number % 11,
        "a few words of the book ".repeat(20));
  }

  /**
   * How long one query takes, from all ends, in microseconds at the median.
   *
   * @param folder for a database as that of the server
   */
  static void query(Contender server, Path folder) throws IOException, InterruptedException {
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    URI address = server.address();
    send(client, HttpRequest.newBuilder(address.resolve("shelf")).PUT(BodyPublishers.noBody()));
    try (Database database = Database.open(folder)) {
      StringBuilder docs = new StringBuilder("{\"docs\":[");
      WriteBatch batch = new WriteBatch();
      for (int i = 0; i < DOCUMENTS; i++) {
        batch.put("b" + i, JsonObject.parse(body(i)));
        docs.append(i == 0 ? "" : ",").append("{\"_id\":\"b").append(i).append("\",");
        docs.append(body(i).substring(1));
      }
      database.write(batch);
      send(client, post(address.resolve("shelf/_bulk_docs"), docs.append("]}").toString()));
      Query query =
          Query.where(SELECTOR).limit(20).fields("title", "year", "author.name", "tags", "_id");
      GraphQLRequest request = GraphQLRequest.of(QUERY);
      String asked = "{\"query\":\"" + QUERY + "\"}";
      try (GraphQL graphql = GraphQL.of(database)) {
        if (!graphql.execute(request).errors().isEmpty()) {
          throw new IOException("the query fails: " + graphql.execute(request).errors());
        }
        double find = median(() -> database.page(query));
        double execute = median(() -> graphql.execute(request));
        String find20 =
            "{\"selector\":"
                + SELECTOR
                + ",\"limit\":20,\"fields\":[\"_id\",\"title\",\"year\",\"author.name\",\"tags\"]}";
        System.out.printf(
            Locale.ROOT,
            "%-16s 20 documents, 5 fields: embedded %.0f us, GraphQL in Java %.0f us; wanted over"
                + " HTTP at most %.0f us%n",
            "stave graphql",
            find,
            execute,
            2 * find + 100);
        overHttp(server, "GraphQL", Load.request("POST", "/shelf/_graphql", asked));
        overHttp(server, "_find", Load.request("POST", "/shelf/_find", find20));
        overHttp(server, "one document", Load.request("GET", "/shelf/b77", ""));
      }
    }
  }

  /** How long one client waits for an answer, and what the server's threads work for one. */
  private static void overHttp(Contender server, String name, byte[] request) throws IOException {
    Load load = new Load(server.address(), number -> request, 200);
    for (long asked = 0; asked < WARM; ) {
      asked += load.run(CLIENTS, 1).requests();
    }
    double used = server.cpuSeconds();
    Load.Result many = load.run(CLIENTS, SECONDS);
    double cpu = server.cpuSeconds() - used;
    Load.Result one = load.run(1, SECONDS);
    System.out.printf(
        Locale.ROOT,
        "%-16s %s: one client waits %d us (p50), %d us (p99); %d clients: %.0f us of CPU each,"
            + " %,.0f a second%n",
        "stave http",
        name,
        one.percentile(50),
        one.percentile(99),
        CLIENTS,
        cpu * 1e6 / many.requests(),
        many.requests() / many.seconds());
  }

  private static HttpRequest.Builder post(URI address, String body) {
    return HttpRequest.newBuilder(address)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body));
  }

  private static void send(HttpClient client, HttpRequest.Builder request)
      throws IOException, InterruptedException {
    client.send(request.build(), BodyHandlers.discarding());
  }

  private interface Work {
    Object run() throws IOException, InterruptedException;
  }

  /** The first half does not count. */
  private static double median(Work work) throws IOException, InterruptedException {
    long[] took = new long[SAMPLES];
    for (int i = 0; i < 2 * SAMPLES; i++) {
      long start = System.nanoTime();
      work.run();
      took[i % SAMPLES] = System.nanoTime() - start;
    }
    Arrays.sort(took);
    return took[SAMPLES / 2] / 1e3;
  }

  /** What a schema of many fields costs to be made, and to grow by one; CPU of its thread. */
  static void growth() {
    growth(100, 12, 39, false);
    growth(1, 33, 990, true);
  }

  /**
   * So many types of so many objects in them, each with so many members.
   *
   * @param isMixed whether of three one is an object and one a list; else all are numbers
   */
  private static void growth(int types, int parts, int members, boolean isMixed) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    try (Database database = Database.inMemory()) {
      for (int i = 0; i < types; i++) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("type", "kind" + i);
        for (int part = 0; part < parts; part++) {
          ObjectNode object = body.putObject("part" + part);
          for (int member = 0; member < members; member++) {
            String name = "field" + member;
            if (isMixed && member % 3 == 0) {
              object.putObject(name).put("value", member);
            } else if (isMixed && member % 3 == 1) {
              object.putArray(name).add(member);
            } else {
              object.put(name, member);
            }
          }
        }
        database.put("d" + i, JsonObject.of(body));
      }
      double[] made = new double[GROWTHS];
      double[] grown = new double[GROWTHS];
      for (int i = 0; i < GROWTHS; i++) {
        long start = threads.getCurrentThreadCpuTime();
        try (GraphQL graphql = GraphQL.of(database)) {
          made[i] = (threads.getCurrentThreadCpuTime() - start) / 1e6;
          String fresh = "fresh" + i;
          String kind = "kind" + i % types;
          database.put(fresh, JsonObject.parse("{\"type\":\"" + kind + "\",\"" + fresh + "\":1}"));
          start = threads.getCurrentThreadCpuTime();
          String query = "{ " + kind + "s(first: 1) { nodes { " + fresh + " } } }";
          if (!graphql.execute(GraphQLRequest.of(query)).errors().isEmpty()) {
            throw new IllegalStateException("the schema has not grown");
          }
          grown[i] = (threads.getCurrentThreadCpuTime() - start) / 1e6;
        }
      }
      double first = made[0];
      Arrays.sort(made);
      Arrays.sort(grown);
      System.out.printf(
          Locale.ROOT,
          "%-16s types: %d, fields: %d; made in %.0f ms of CPU (%.0f the first time), grown by one"
              + " in %.0f ms%n",
          "graphql schema",
          types,
          types * parts * (1 + members + (isMixed ? members / 3 : 0)),
          made[GROWTHS / 2],
          first,
          grown[GROWTHS / 2]);
    }
  }

  /** What so many subscriptions cost that wait, and how fast all of them hear of a change. */
  static void subscriptions(Contender server, String heap)
      throws IOException, InterruptedException {
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    URI address = server.address();
    send(client, HttpRequest.newBuilder(address.resolve("shelf")).PUT(BodyPublishers.noBody()));
    send(
        client,
        HttpRequest.newBuilder(address.resolve("shelf/a")).PUT(BodyPublishers.ofString(body(1))));
    long before = server.residentMib();
    CountDownLatch begun = new CountDownLatch(SOCKETS);
    CountDownLatch told = new CountDownLatch(SUBSCRIPTIONS);
    List<WebSocket> sockets = new ArrayList<>();
    URI socket =
        URI.create(address.resolve("shelf/_graphql").toString().replaceFirst("http", "ws"));
    for (int i = 0; i < SOCKETS; i++) {
      WebSocket each =
          client
              .newWebSocketBuilder()
              .subprotocols("graphql-transport-ws")
              .buildAsync(socket, new Counting(begun, told))
              .join();
      each.sendText("{\"type\":\"connection_init\"}", true).join();
      sockets.add(each);
    }
    for (int i = 0; i < SUBSCRIPTIONS; i++) {
      String subscription =
          String.format(
              Locale.ROOT,
              "{\"id\":\"%d\",\"type\":\"subscribe\",\"payload\":{\"query\":\"subscription ($s:"
                  + " JSON) { watch(selector: $s) { kind id document { _id ... on Book { title } }"
                  + " } }\",\"variables\":{\"s\":{\"n\":{\"$gte\":%d}}}}}",
              i,
              i);
      sockets.get(i % SOCKETS).sendText(subscription, true).join();
    }
    for (WebSocket each : sockets) {
      each.sendText("{\"type\":\"ping\"}", true).join();
    }
    begun.await(2, TimeUnit.MINUTES);
    Thread.sleep(5_000);
    double used = server.cpuSeconds();
    Thread.sleep(10_000);
    double idle = server.cpuSeconds() - used;
    long resident = server.residentMib();
    long start = System.nanoTime();
    send(
        client,
        HttpRequest.newBuilder(address.resolve("shelf/b"))
            .PUT(
                BodyPublishers.ofString(
                    "{\"type\":\"book\",\"title\":\"B\",\"n\":" + SUBSCRIPTIONS + "}")));
    boolean all = told.await(1, TimeUnit.MINUTES);
    System.out.printf(
        Locale.ROOT,
        "%-16s %d on %d sockets, -Xmx%s, %d MiB resident (%d before), %.2f CPU s in 10 s of idling,"
            + " %s told of a change in %.0f ms%n",
        "subscriptions",
        SUBSCRIPTIONS,
        SOCKETS,
        heap,
        resident,
        before,
        idle,
        all ? "all" : "not all, " + told.getCount() + " left,",
        (System.nanoTime() - start) / 1e6);
    sockets.forEach(WebSocket::abort);
  }

  /** Counts what it hears. */
  private static final class Counting implements WebSocket.Listener {
    private final CountDownLatch begun;
    private final CountDownLatch told;
    private final StringBuilder part = new StringBuilder();

    Counting(CountDownLatch begun, CountDownLatch told) {
      this.begun = begun;
      this.told = told;
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      part.append(data);
      if (last) {
        if (part.indexOf("\"pong\"") >= 0) {
          begun.countDown();
        } else if (part.indexOf("\"ADDED\"") >= 0) {
          told.countDown();
        } else if (part.indexOf("\"connection_ack\"") < 0) {
          System.out.println("unexpected: " + part);
        }
        part.setLength(0);
      }
      socket.request(1);
      return null;
    }
  }
}
