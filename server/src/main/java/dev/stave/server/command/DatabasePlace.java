package dev.stave.server.command;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a command's database is: in a data folder, or on a server. */
final class DatabasePlace {

  /** What helps where a server has the data folder. */
  static final String USE_URL = "if a server runs on it, give its --url instead of --data";

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Folder of the databases, not served by anybody (default: data).")
  @Nullable Path data;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "Address of a server, such as http://127.0.0.1:5984.")
  @Nullable String url;

  /** {@code given}, or the default where nothing is. */
  static DatabasePlace orDefault(@Nullable DatabasePlace given) {
    return given == null ? new DatabasePlace() : given;
  }

  /** Empty: it is on a server. */
  Optional<Path> folder() {
    return url == null ? Optional.of(data == null ? Path.of("data") : data) : Optional.empty();
  }

  RemoteDatabase remote(String database) {
    return new RemoteDatabase(String.valueOf(url), database);
  }
}
