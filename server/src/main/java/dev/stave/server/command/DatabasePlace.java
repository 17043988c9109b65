package dev.stave.server.command;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a command's database is: in a data folder, or on a server. */
final class DatabasePlace {

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

  /** Empty: it is on a server. */
  Optional<Path> folder() {
    return url == null ? Optional.of(data == null ? Path.of("data") : data) : Optional.empty();
  }

  RemoteDatabase remote(String database) {
    return new RemoteDatabase(String.valueOf(url), database);
  }
}
