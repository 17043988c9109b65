package dev.stave.server.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.Database;
import dev.stave.database.IdRange;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.server.accounts.Accounts;
import dev.stave.server.accounts.Identity;
import dev.stave.server.accounts.Settings;
import dev.stave.server.accounts.UserDocuments;
import dev.stave.server.databases.DatabaseName;
import dev.stave.server.databases.Databases;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

/** {@code stave user}: who may log in. */
@Command(
    name = "user",
    description = {
      "Makes, lists and removes users, while no server has the data folder.",
      "A running server does it over HTTP: /_node/_local/_config/admins, and the database _users."
    },
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {ExitCodes.DONE_LINE, ExitCodes.FAILED_LINE, ExitCodes.ASKED_LINE},
    mixinStandardHelpOptions = true)
final class UserCommand implements Runnable {

  private static final DatabaseName USERS = new DatabaseName(UserDocuments.DATABASE);

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Folder of the databases (default: ${DEFAULT-VALUE}).",
      defaultValue = "data",
      scope = ScopeType.INHERIT)
  Path data = Path.of("data");

  private final PrintWriter out;

  UserCommand(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void run() {
    throw new CommandException("say what to do: stave user add, list or remove");
  }

  @Command(
      name = "add",
      description =
          "Makes a user, or gives one another password and roles. The password is asked for.",
      mixinStandardHelpOptions = true)
  int add(
      @Parameters(index = "0", paramLabel = "NAME", description = "The user.") String name,
      @Option(names = "--admin", description = "May do everything.") boolean admin,
      @Option(
              names = "--role",
              paramLabel = "ROLE",
              description = "A role; several by repeating it.")
          @Nullable List<String> roles,
      @Option(
              names = "--password-stdin",
              description = "Reads the password as a line of the input.")
          boolean fromInput)
      throws IOException {
    if (name.isEmpty() || name.indexOf(':') >= 0) {
      throw new CommandException("a name is not empty and has no colon");
    }
    try (Databases databases = Databases.open(data)) {
      String password = password(fromInput);
      if (admin) {
        Accounts.setAdmin(Settings.open(databases.settingsFile()), name, password);
      } else {
        put(databases, name, password, roles == null ? List.of() : roles);
      }
    }
    out.println(name + (admin ? " is an administrator" : " is a user") + " now");
    return ExitCodes.DONE;
  }

  private static String password(boolean fromInput) throws IOException {
    Console console = System.console();
    String password;
    if (fromInput) {
      password =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
    } else if (console != null) {
      password = String.valueOf(console.readPassword("Password: "));
      if (!password.equals(String.valueOf(console.readPassword("Again: ")))) {
        throw new CommandException("these were two passwords");
      }
    } else {
      throw new CommandException("there is no terminal to ask at: use --password-stdin");
    }
    if (password == null || password.isEmpty()) {
      throw new CommandException("the password is empty");
    }
    return password;
  }

  private static void put(Databases databases, String name, String password, List<String> roles) {
    Database users = databases.find(USERS).or(() -> databases.create(USERS)).orElseThrow();
    String id = UserDocuments.PREFIX + name;
    Optional<Document> before = users.get(id);
    ObjectNode user = JsonNodeFactory.instance.objectNode();
    user.put("type", "user").put("name", name).put("password", password);
    ArrayNode given = user.putArray("roles");
    roles.forEach(given::add);
    JsonObject body = UserDocuments.checked(Identity.ANYBODY, id, JsonObject.of(user), before);
    if (before.isPresent()) {
      users.put(id, before.get().revision(), body);
    } else {
      users.put(id, body);
    }
  }

  @Command(
      name = "list",
      description = "Lists administrators and users, with their roles.",
      mixinStandardHelpOptions = true)
  int list() {
    inExisting(
        databases -> {
          Settings.open(databases.settingsFile())
              .section(Accounts.ADMINS)
              .keySet()
              .forEach(name -> out.println(name + " _admin"));
          databases.find(USERS).ifPresent(this::print);
        });
    return ExitCodes.DONE;
  }

  private void print(Database users) {
    users.forEach(
        IdRange.ALL,
        document -> {
          if (document.id().startsWith(UserDocuments.PREFIX)) {
            StringBuilder line =
                new StringBuilder(document.id().substring(UserDocuments.PREFIX.length()));
            for (JsonNode role : document.body().sharedTree().path("roles")) {
              line.append(' ').append(role.asText());
            }
            out.println(line);
          }
          return true;
        });
  }

  @Command(
      name = "remove",
      description = "Removes an administrator or a user.",
      mixinStandardHelpOptions = true)
  int remove(@Parameters(index = "0", paramLabel = "NAME", description = "The user.") String name) {
    inExisting(
        databases -> {
          Settings settings = Settings.open(databases.settingsFile());
          boolean wasAdmin = settings.set(Accounts.ADMINS, name, null).isPresent();
          Optional<Database> users = databases.find(USERS);
          Optional<Document> user = users.flatMap(found -> found.get(UserDocuments.PREFIX + name));
          user.ifPresent(
              document -> users.orElseThrow().delete(document.id(), document.revision()));
          if (!wasAdmin && user.isEmpty()) {
            throw new CommandException("there is no user " + name);
          }
          out.println(name + " is removed");
        });
    return ExitCodes.DONE;
  }

  private void inExisting(Consumer<Databases> work) {
    Databases databases =
        Databases.openExisting(data)
            .orElseThrow(() -> new CommandException("there is no data folder of Stave: " + data));
    try (databases) {
      work.accept(databases);
    }
  }
}
