package dev.stave.server.command;

import dev.stave.StaveException;
import dev.stave.server.databases.IllegalDatabaseNameException;
import dev.stave.server.exchange.ServerVersion;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;

/** {@code stave}: a name for its subcommands. */
@Command(
    name = "stave",
    description = "A local-first JSON document database.",
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {
      ExitCodes.DONE_LINE,
      "1:It failed; one line on stderr says why. check, salvage: there is damage.",
      "2:The arguments are wrong. check, salvage: also what else keeps them from an answer."
    },
    mixinStandardHelpOptions = true,
    versionProvider = StaveCommand.Version.class)
public final class StaveCommand {

  /** Tells which Stave this is. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"stave " + ServerVersion.stave()};
    }
  }

  private StaveCommand() {}

  /** Runs what {@code arguments} ask for, and returns the exit code. */
  public static int run(String... arguments) {
    return run(
        new PrintWriter(System.out, true, StandardCharsets.UTF_8),
        new PrintWriter(System.err, true, StandardCharsets.UTF_8),
        arguments);
  }

  static int run(PrintWriter out, PrintWriter err, String... arguments) {
    return new CommandLine(new StaveCommand())
        .addSubcommand(new ServeCommand(out))
        .addSubcommand(new ImportCommand(out, err))
        .addSubcommand(new QueryCommand(out))
        .addSubcommand(new BackupCommand(out, err))
        .addSubcommand(new RestoreCommand(out, err))
        .addSubcommand(new CheckCommand(out, err))
        .addSubcommand(new SalvageCommand(out))
        .addSubcommand(new CompactCommand(out))
        .addSubcommand(new StatsCommand(out))
        .addSubcommand(new SyncCommand(out, err))
        .addSubcommand(new UserCommand(out))
        .setOut(out)
        .setErr(err)
        .setParameterExceptionHandler(StaveCommand::wronglyAsked)
        .setExecutionExceptionHandler((e, command, parsed) -> failed(e, command))
        .execute(arguments.length == 0 ? new String[] {"--help"} : arguments);
  }

  private static int wronglyAsked(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    command
        .getErr()
        .println(
            "stave: "
                + firstLine(e.getMessage()).replaceFirst("^Error: ", "")
                + " (see "
                + name
                + " --help)");
    return ExitCodes.WRONGLY_ASKED;
  }

  private static int failed(Exception e, CommandLine command) {
    boolean expected =
        e instanceof StaveException
            || e instanceof CommandException
            || e instanceof IOException
            || e instanceof UncheckedIOException;
    if (!expected) {
      e.printStackTrace(command.getErr()); // a bug: whoever looks into it needs all of it
    }
    command.getErr().println("stave: " + firstLine(expected ? told(e) : e.toString()));
    return e instanceof IllegalDatabaseNameException
        ? ExitCodes.WRONGLY_ASKED
        : command.getCommandSpec().exitCodeOnExecutionException();
  }

  private static @Nullable String told(Exception e) {
    if (e instanceof UncheckedIOException unchecked) {
      return Complaint.line(unchecked.getCause());
    }
    return e instanceof IOException disk ? Complaint.line(disk) : e.getMessage();
  }

  private static String firstLine(@Nullable String message) {
    return String.valueOf(message).lines().findFirst().orElse("");
  }
}
