package dev.stave.spec.bench.query;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * PostgreSQL, whose server runs beside this process: a table of jsonb with a GIN index over all of
 * it, fsync on, as each commit is to be on the disk. GIN answers equality and membership; for
 * ranges it has no use. Of its two kinds {@code jsonb_ops}, which comes unasked, knows which keys
 * there are, too; {@code jsonb_path_ops} is smaller and faster.
 */
final class PostgresEngine implements Engine {

  private static final String INSERT = "INSERT INTO docs VALUES(?, ?::jsonb)";
  private static final String SELECT = "SELECT id, body::text FROM docs WHERE ";
  private static final String UPDATE =
      "UPDATE docs SET body = jsonb_set(body, '{status}', to_jsonb(?::text)) WHERE id = ?";
  private static final String EQUAL = "body @> ?::jsonb";
  private static final String RANGE =
      "(body->>'total')::numeric >= ? AND (body->>'total')::numeric < ?";
  private static final String CREATED = " ORDER BY body->>'created' COLLATE \"C\"";
  private static final long NANOS_PER_TICK = 10_000_000; // Linux: 100 ticks a second, everywhere

  private final EmbeddedPostgres server;
  private final long serverPid;
  private final Sql sql;

  PostgresEngine(Path folder, String kindOfIndex) {
    try {
      Files.createDirectories(folder);
      server =
          EmbeddedPostgres.builder()
              .setDataDirectory(folder.resolve("data"))
              .setOverrideWorkingDirectory(folder.resolve("program").toFile())
              .setCleanDataDirectory(false)
              .setServerConfig("fsync", "on")
              .setServerConfig("synchronous_commit", "on")
              .setServerConfig("full_page_writes", "on")
              .setServerConfig("shared_buffers", "128MB")
              .setServerConfig("max_wal_size", "1GB")
              .setPGStartupWait(Duration.ofSeconds(60))
              .start();
      Path pid = folder.resolve("data").resolve("postmaster.pid");
      serverPid = Long.parseLong(Files.readAllLines(pid).get(0).strip());
      sql = new Sql(server.getPostgresDatabase().getConnection());
    } catch (IOException | SQLException e) {
      throw new IllegalStateException(e);
    }
    sql.execute(
        "CREATE TABLE IF NOT EXISTS docs(id text PRIMARY KEY, body jsonb)",
        "CREATE INDEX IF NOT EXISTS every_path ON docs USING gin (body " + kindOfIndex + ")");
  }

  @Override
  public void insert(int first, List<byte[]> bodies) {
    sql.atomically(
        () -> {
          for (int i = 0; i < bodies.size(); i++) {
            String body = new String(bodies.get(i), StandardCharsets.UTF_8);
            sql.add(INSERT, Orders.id(first + i), body);
          }
          sql.runBatch(INSERT);
        });
  }

  @Override
  public int get(String id) {
    return sql.bytes("SELECT body::text FROM docs WHERE id = ?", id).length;
  }

  @Override
  public List<String> find(Question question) {
    double low = question.low();
    double high = question.high();
    return switch (question.kind()) {
      case RANGE_LIMIT -> sql.ids(SELECT + RANGE + " LIMIT " + Question.LIMIT, low, high);
      case RANGE_SORT -> sql.ids(SELECT + RANGE + CREATED, low, high);
      case TOP_OF -> sql.ids(SELECT + EQUAL + CREATED + " DESC LIMIT 20", contained(question));
      case PAGE ->
          sql.ids(
              SELECT + EQUAL + " AND " + RANGE + " LIMIT " + Question.LIMIT,
              contained(question),
              low,
              high);
      case TWO, STATUS -> sql.ids(SELECT + EQUAL + " AND " + RANGE, contained(question), low, high);
      case EQUAL, UNDECLARED, MEMBER -> sql.ids(SELECT + EQUAL, contained(question));
    };
  }

  /** The smallest document that has the value at the path. */
  private static String contained(Question question) {
    String text = '"' + question.text() + '"';
    return switch (question.kind()) {
      case EQUAL -> "{\"customer\":{\"email\":" + text + "}}";
      case UNDECLARED -> "{\"address\":{\"zip\":" + text + "}}";
      case MEMBER -> "{\"items\":[{\"sku\":" + text + "}]}";
      case PAGE, STATUS -> "{\"status\":" + text + "}";
      default -> "{\"address\":{\"city\":" + text + "}}";
    };
  }

  @Override
  public void setStatus(Map<String, String> byId) {
    sql.atomically(
        () -> {
          byId.forEach((id, status) -> sql.add(UPDATE, status, id));
          sql.runBatch(UPDATE);
        });
  }

  /** Puts the index's pending entries in their places, and statistics where plans are made. */
  @Override
  public void settle() {
    sql.execute("VACUUM ANALYZE docs", "CHECKPOINT");
  }

  /** The postmaster, its children, and those of its children that have ended. */
  @Override
  public long serverCpuNanos() {
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      List<String[]> stats =
          processes
              .filter(process -> process.getFileName().toString().matches("\\d+"))
              .map(PostgresEngine::stat)
              .flatMap(Optional::stream)
              .collect(Collectors.toList());
      String server = String.valueOf(serverPid);
      long ticks = 0;
      for (String[] stat : stats) {
        boolean isServer = stat[0].equals(server);
        if (isServer || stat[2].equals(server)) {
          ticks += Long.parseLong(stat[12]) + Long.parseLong(stat[13]);
          ticks += isServer ? Long.parseLong(stat[14]) + Long.parseLong(stat[15]) : 0;
        }
      }
      return ticks * NANOS_PER_TICK;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Pid, state, parent and so on, without the name, in which there may be spaces. */
  private static Optional<String[]> stat(Path process) {
    try {
      String line = Files.readString(process.resolve("stat"));
      String pid = line.substring(0, line.indexOf(' '));
      return Optional.of((pid + line.substring(line.lastIndexOf(')') + 1)).split(" "));
    } catch (IOException e) {
      return Optional.empty(); // it has ended
    }
  }

  @Override
  public void close() {
    sql.close();
    try {
      server.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
