package dev.stave.spec.bench.query;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * SQLite, with indexes of its own on expressions of five paths, or with a table of all paths that
 * is kept by hand.
 *
 * <pre>
 * docs   seq, id (unique), body: text
 * paths  (path number, value, seq): the key, without a row id
 * log    WAL, synchronous=FULL: a commit is on the disk; 64 MiB of cache
 * </pre>
 */
final class SqliteEngine implements Engine {

  private static final String INSERT = "INSERT INTO docs(seq, id, body) VALUES(?, ?, ?)";
  private static final String INSERT_PATH = "INSERT OR IGNORE INTO paths VALUES(?, ?, ?)";
  private static final String SELECT = "SELECT id, body FROM docs d WHERE ";
  private static final String BY_PATH =
      "SELECT d.id, d.body FROM paths p JOIN docs d ON d.seq = p.doc WHERE p.path = ? AND ";

  private final Sql sql;
  private final boolean allPaths;
  private final Map<String, Integer> numbers = new HashMap<>();

  SqliteEngine(Path folder, boolean allPaths) {
    this.allPaths = allPaths;
    try {
      Files.createDirectories(folder);
      sql = new Sql(DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("docs.sqlite")));
    } catch (java.io.IOException | SQLException e) {
      throw new IllegalStateException(e);
    }
    sql.execute(
        "PRAGMA journal_mode=WAL",
        "PRAGMA synchronous=FULL",
        "PRAGMA cache_size=-65536",
        "CREATE TABLE IF NOT EXISTS docs(seq INTEGER PRIMARY KEY, id TEXT UNIQUE, body TEXT)");
    if (allPaths) {
      sql.execute(
          "CREATE TABLE IF NOT EXISTS names(path TEXT PRIMARY KEY, number INTEGER)",
          "CREATE TABLE IF NOT EXISTS paths(path INTEGER, value, doc INTEGER,"
              + " PRIMARY KEY(path, value, doc)) WITHOUT ROWID");
      readNames();
    } else {
      for (String path : List.of("customer.email", "total", "created", "address.city", "status")) {
        sql.execute(
            "CREATE INDEX IF NOT EXISTS \"by_" + path + "\" ON docs(" + value("", path) + ")");
      }
    }
  }

  private static String value(String table, String path) {
    return "json_extract(" + table + "body, '$." + path + "')";
  }

  private void readNames() {
    Sql.run(
        () -> {
          try (ResultSet rows = sql.statement("SELECT path, number FROM names").executeQuery()) {
            while (rows.next()) {
              numbers.put(rows.getString(1), rows.getInt(2));
            }
          }
        });
  }

  private int number(String path) {
    Integer known = numbers.get(path);
    if (known != null) {
      return known;
    }
    int number = numbers.size() + 1;
    numbers.put(path, number);
    Sql.run(() -> sql.statement("INSERT INTO names VALUES(?, ?)", path, number).executeUpdate());
    return number;
  }

  @Override
  public void insert(int first, List<byte[]> bodies) {
    sql.atomically(() -> insertAll(first, bodies));
  }

  private void insertAll(int first, List<byte[]> bodies) {
    for (int i = 0; i < bodies.size(); i++) {
      int seq = first + i;
      byte[] body = bodies.get(i);
      sql.add(INSERT, seq, Orders.id(seq), new String(body, StandardCharsets.UTF_8));
      if (allPaths) {
        Leaves.walk(
            Leaves.parse(body),
            (path, value) -> sql.add(INSERT_PATH, number(path), plain(value), seq));
      }
    }
    sql.runBatch(INSERT);
    if (allPaths) {
      sql.runBatch(INSERT_PATH);
    }
  }

  private static @Nullable Object plain(JsonNode value) {
    if (value.isNumber()) {
      return value.isIntegralNumber() ? (Object) value.longValue() : value.doubleValue();
    }
    return value.isBoolean() ? (value.booleanValue() ? 1 : 0) : value.textValue();
  }

  @Override
  public int get(String id) {
    return sql.bytes("SELECT body FROM docs WHERE id = ?", id).length;
  }

  @Override
  public List<String> find(Question question) {
    return allPaths ? findByPaths(question) : findByExpressions(question);
  }

  private List<String> findByExpressions(Question question) {
    String path = question.path();
    String equal = value("", path) + " = ?";
    String range = value("", "total") + " >= ? AND " + value("", "total") + " < ?";
    String created = " ORDER BY " + value("", "created");
    String text = question.text();
    return switch (question.kind()) {
      case EQUAL, UNDECLARED -> sql.ids(SELECT + equal, text);
      case RANGE_LIMIT ->
          sql.ids(SELECT + range + " LIMIT " + Question.LIMIT, question.low(), question.high());
      case RANGE_SORT -> sql.ids(SELECT + range + created, question.low(), question.high());
      case TOP_OF -> sql.ids(SELECT + equal + created + " DESC LIMIT " + Question.TOP, text);
      case TWO, STATUS ->
          sql.ids(SELECT + equal + " AND " + range, text, question.low(), question.high());
      case PAGE ->
          sql.ids(
              SELECT + equal + " AND " + range + " LIMIT " + Question.LIMIT,
              text,
              question.low(),
              question.high());
      case MEMBER ->
          sql.ids(
              SELECT
                  + "EXISTS(SELECT 1 FROM json_each(d.body, '$.items') i"
                  + " WHERE json_extract(i.value, '$.sku') = ?)",
              text);
    };
  }

  private List<String> findByPaths(Question question) {
    int path = number(question.path());
    int total = number("total");
    String text = question.text();
    String range = "p.value >= ? AND p.value < ?";
    String created = " ORDER BY " + value("d.", "created");
    return switch (question.kind()) {
      case EQUAL, UNDECLARED, MEMBER -> sql.ids(BY_PATH + "p.value = ?", path, text);
      case RANGE_LIMIT ->
          sql.ids(
              BY_PATH + range + " LIMIT " + Question.LIMIT, path, question.low(), question.high());
      case RANGE_SORT -> sql.ids(BY_PATH + range + created, path, question.low(), question.high());
      case TOP_OF ->
          sql.ids(BY_PATH + "p.value = ?" + created + " DESC LIMIT " + Question.TOP, path, text);
      case TWO, PAGE, STATUS ->
          sql.ids(
              "SELECT id, body FROM docs WHERE seq IN (SELECT doc FROM paths WHERE path = ? AND"
                  + " value = ? INTERSECT SELECT doc FROM paths WHERE path = ? AND value >= ? AND"
                  + " value < ?)"
                  + (question.kind() == Question.Kind.PAGE ? " LIMIT " + Question.LIMIT : ""),
              path,
              text,
              total,
              question.low(),
              question.high());
    };
  }

  @Override
  public void setStatus(Map<String, String> byId) {
    sql.atomically(() -> setEach(byId));
  }

  private void setEach(Map<String, String> byId) {
    String delete =
        "DELETE FROM paths WHERE path = ? AND doc = ? AND value ="
            + " (SELECT json_extract(body, '$.status') FROM docs WHERE seq = ?)";
    String update = "UPDATE docs SET body = json_set(body, '$.status', ?) WHERE id = ?";
    byId.forEach(
        (id, status) -> {
          if (allPaths) {
            int seq = Orders.number(id);
            sql.add(delete, number("status"), seq, seq);
            sql.add(INSERT_PATH, number("status"), status, seq);
          }
          sql.add(update, status, id);
        });
    if (allPaths) {
      sql.runBatch(delete); // before the body forgets the old value
      sql.runBatch(INSERT_PATH);
    }
    sql.runBatch(update);
  }

  @Override
  public void close() {
    sql.close();
  }
}
