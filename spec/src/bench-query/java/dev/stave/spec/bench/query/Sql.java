package dev.stave.spec.bench.query;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A connection with its statements prepared once. A question sees what was committed before it, so
 * outside of {@link #atomically} every statement is a transaction of its own. For one thread.
 */
final class Sql implements AutoCloseable {

  private final Connection connection;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();

  Sql(Connection connection) {
    this.connection = connection;
  }

  /** Something of JDBC. */
  @FunctionalInterface
  interface Work {
    void run() throws SQLException;
  }

  static void run(Work work) {
    try {
      work.run();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  void execute(String... statements) {
    run(
        () -> {
          try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
              statement.execute(sql);
            }
          }
        });
  }

  /** All that {@code work} does is one commit. */
  void atomically(Runnable work) {
    run(() -> connection.setAutoCommit(false));
    work.run();
    run(
        () -> {
          connection.commit();
          connection.setAutoCommit(true);
        });
  }

  PreparedStatement statement(String sql, Object... values) {
    try {
      PreparedStatement statement = prepared.get(sql);
      if (statement == null) {
        statement = connection.prepareStatement(sql);
        prepared.put(sql, statement);
      }
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      return statement;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  void add(String sql, Object... values) {
    run(() -> statement(sql, values).addBatch());
  }

  void runBatch(String sql) {
    run(() -> statement(sql).executeBatch());
  }

  /** The first column, of rows of an id and a body. */
  List<String> ids(String sql, Object... values) {
    List<String> ids = new ArrayList<>();
    run(
        () -> {
          try (ResultSet rows = statement(sql, values).executeQuery()) {
            while (rows.next()) {
              ids.add(rows.getString(1));
              requireBody(rows.getBytes(2));
            }
          }
        });
    return ids;
  }

  private static void requireBody(byte[] body) {
    if (body.length == 0) {
      throw new IllegalStateException("a body is empty");
    }
  }

  byte[] bytes(String sql, Object... values) {
    try (ResultSet rows = statement(sql, values).executeQuery()) {
      if (!rows.next()) {
        throw new IllegalStateException("no row: " + sql);
      }
      return rows.getBytes(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    run(connection::close);
  }
}
