package dev.stave.server.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stave.database.Database;
import dev.stave.database.DatabaseCheck;
import dev.stave.database.DatabaseFacts;
import dev.stave.json.JsonObject;
import dev.stave.server.databases.DatabaseName;
import dev.stave.server.databases.Databases;
import dev.stave.server.exchange.HttpLimits;
import dev.stave.server.http.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackupCommandTest extends CommandTest {

  private Path database;
  private String target;

  @BeforeEach
  void write() {
    database = fill(200);
    target = folder.resolve("backups/today").toString();
  }

  private void assertWhole() throws IOException {
    assertThat(DatabaseCheck.of(Path.of(target)).problems()).isEmpty();
    assertThat(DatabaseFacts.of(Path.of(target)).documents()).isEqualTo(200);
    assertThat(names(Path.of(target).getParent())).containsExactly("today");
  }

  private void assertNothingLeft() throws IOException {
    Path parent = Path.of(target).getParent();
    assertThat(Files.exists(parent) ? names(parent).toString() : "[]").isEqualTo("[]");
  }

  @Test
  void backup_ofAFolder_isWholeAndSaysSo() throws IOException {
    Outcome outcome = runOnData("backup", "db", target);

    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out())
        .startsWith("db is copied to " + target + ": 200 documents, ")
        .contains(" kB, in ")
        .endsWith(" s, and is whole\n")
        .hasLineCount(1);
    assertThat(outcome.exitCode()).isZero();
    assertWhole();
    assertThat(DatabaseCheck.of(database).problems()).isEmpty();
  }

  @Test
  void backup_ofAServer_goesOnBesideWriting() throws Exception {
    Databases databases = Databases.open(Path.of(data));
    Database served = databases.find(new DatabaseName("db")).orElseThrow();
    AtomicBoolean stop = new AtomicBoolean();
    try (HttpServer server = HttpServer.start(databases, "127.0.0.1", 0, HttpLimits.DEFAULT)) {
      Thread writer =
          new Thread(
              () -> {
                for (int i = 0; !stop.get(); i++) {
                  served.put("new-" + i, JsonObject.parse("{}"));
                }
              });
      writer.start();
      while (served.count() < 250) {
        Thread.sleep(1);
      }

      Outcome outcome = run("backup", "db", target, "--url", server.address().toString());
      stop.set(true);
      writer.join();

      assertThat(outcome.err()).isEmpty();
      assertThat(outcome.out()).startsWith("db is copied to ").endsWith("and is whole\n");
      assertThat(DatabaseFacts.of(Path.of(target)).documents()).isBetween(250L, served.count());
      assertThat(names(Path.of(data))).containsExactly("LOCK", "UUID", "db");
      assertFailed(runOnData("backup", "db", target + "2"), 1, "give its --url instead of --data");
      assertFailed(
          run("backup", "other", target + "2", "--url", server.address().toString()),
          1,
          "answered 404 not_found: Database does not exist.");
    }
    assertThat(DatabaseCheck.of(Path.of(target)).problems()).isEmpty();
    assertThat(names(Path.of(target).getParent())).containsExactly("today");
  }

  @Test
  void backup_whatCannotBe_isOneLineAndLeavesNothing() throws IOException {
    assertFailed(runOnData("backup", "Db", target), 2, "Only lowercase characters");
    assertFailed(runOnData("backup", "other", target), 1, "there is no database other in " + data);
    assertFailed(
        run("backup", "db", target, "--data", data + "2"), 1, "there is no data folder " + data);
    assertFailed(
        run("backup", "db", target, "--data", folder.toString()), 1, "is not a data folder");
    assertFailed(
        run("backup", "db", target, "--url", "http://127.0.0.1:1"), 1, "nothing answers at");
    assertThat(runOnData("backup", "db").exitCode()).isEqualTo(2);
    assertNothingLeft();
    assertThat(Path.of(data + "2")).doesNotExist();
  }

  @Test
  void backup_targetThatIsThere_isLeftAsItIs() throws IOException {
    Path occupied = Files.createDirectories(Path.of(target));
    assertThat(runOnData("backup", "db", target).exitCode()).isZero(); // it was empty

    assertFailed(runOnData("backup", "db", target), 1, "not empty: choose a new one");
    assertWhole();
    String file = file("file", "precious");
    assertFailed(runOnData("backup", "db", file), 1, "there is a file already");
    assertFailed(runOnData("backup", "db", file + "/below"), 1, "file");
    assertThat(Path.of(file)).hasContent("precious");
    assertThat(occupied).exists();
  }

  @Test
  void backup_partThatAKilledOneLeft_isReplaced_butNobodyElses() throws IOException {
    Path partial = Files.createDirectories(Path.of(target + ".partial"));
    Files.writeString(partial.resolve("0000000001.log"), "half");
    assertThat(runOnData("backup", "db", target).exitCode()).isZero();
    assertWhole();

    Files.createDirectories(Path.of(target + "2.partial"));
    Path precious = Files.writeString(Path.of(target + "2.partial", "precious"), "mine");
    assertFailed(runOnData("backup", "db", target + "2"), 1, "something else is there");
    assertThat(precious).hasContent("mine");
  }

  @Test
  void backup_ofADamagedDatabase_isRefusedUnlessAskedFor() throws IOException {
    Path file = damage(database, ".bodies");

    Outcome outcome = runOnData("backup", "db", target);

    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err().lines().toList().get(0)).contains(file.getFileName().toString());
    assertThat(outcome.err()).contains("the copy is damaged (1 problem above)").hasLineCount(2);
    assertNothingLeft();
    assertThat(runOnData("backup", "db", target, "--no-check").exitCode()).isZero();
    assertThat(DatabaseCheck.of(Path.of(target)).problems()).hasSize(1);
  }

  private byte[] zipped() throws Exception {
    Databases databases = Databases.open(Path.of(data));
    try (HttpServer server = HttpServer.start(databases, "127.0.0.1", 0, HttpLimits.DEFAULT)) {
      RemoteDatabase remote = new RemoteDatabase(server.address().toString(), "db");
      try (var in = remote.stream("_backup")) {
        return in.readAllBytes();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void backup_streamThatBreaksOff_leavesNothingAndSaysSo(boolean isPromised) throws Exception {
    byte[] whole = zipped();
    for (int length : new int[] {0, 10, whole.length / 2, whole.length - 2_000}) {
      byte[] part = Arrays.copyOf(whole, Math.max(0, length));
      try (FakeServer server = new FakeServer(part, isPromised ? whole.length - length : 0)) {
        Outcome outcome = run("backup", "db", target, "--url", server.url());

        assertFailed(outcome, 1, "broke off in the middle");
        assertThat(outcome.err()).contains("nothing is left at " + target);
        assertNothingLeft();
      }
    }
    try (FakeServer server = new FakeServer(whole, 5)) { // as if it failed at the very end
      assertFailed(run("backup", "db", target, "--url", server.url()), 1, "broke off");
      assertNothingLeft();
    }
    try (FakeServer server = new FakeServer(whole, 0)) {
      assertThat(run("backup", "db", target, "--url", server.url()).exitCode()).isZero();
      assertWhole();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"../evil", "/tmp/evil", "a/b", "..", "LOCK", "UUID", "a\\b", "MANIFEST/"})
  void backup_nameThatLeadsElsewhere_isRefused(String name) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("0000000001.log"));
      zip.putNextEntry(new ZipEntry(name));
      if (!name.endsWith("/")) {
        zip.write("evil".getBytes(StandardCharsets.UTF_8));
      }
      zip.putNextEntry(new ZipEntry("MANIFEST"));
    }
    try (FakeServer server = new FakeServer(bytes.toByteArray(), 0)) {
      assertFailed(run("backup", "db", target, "--url", server.url()), 1, "no place in a database");
    }
    assertNothingLeft();
    assertThat(names(folder)).doesNotContain("evil");
  }

  @Test
  void backup_flippedBitOnTheWay_isNoticed() throws Exception {
    byte[] whole = zipped();
    whole[whole.length / 3] ^= 4;
    try (FakeServer server = new FakeServer(whole, 0)) {
      Outcome outcome = run("backup", "db", target, "--url", server.url());

      assertThat(outcome.exitCode()).isEqualTo(1);
      assertNothingLeft();
    }
  }

  @Test
  void backup_noRoom_saysSoAndLeavesNothing() throws Exception {
    Path small = Files.createDirectory(folder.resolve("small"));
    boolean mounted = shell("mount -t tmpfs -o size=100k tmpfs " + small) == 0;
    assumeTrue(mounted, "may not mount");
    Databases databases = Databases.open(Path.of(data));
    try (HttpServer server = HttpServer.start(databases, "127.0.0.1", 0, HttpLimits.DEFAULT)) {
      String full = small.resolve("copy").toString();
      assertFailed(
          run("backup", "db", full, "--url", server.address().toString()),
          1,
          "No space left on device (make room and try again)");
      server.close();
      assertFailed(runOnData("backup", "db", full), 1, "No space left on device (make room");
      assertThat(names(small)).isEmpty();
    } finally {
      assertThat(shell("umount -l " + small)).isZero();
    }
  }

  @Test
  void backup_folderThatMayNotBeWritten_saysSo() throws Exception {
    Path readOnly = Files.createDirectory(folder.resolve("readonly"));
    assumeTrue(shell("mount -t tmpfs -o ro,size=100k tmpfs " + readOnly) == 0, "may not mount");
    try {
      String copy = readOnly.resolve("copy").toString();
      assertFailed(runOnData("backup", "db", copy), 1, "Read-only file system");
    } finally {
      assertThat(shell("umount -l " + readOnly)).isZero();
    }
  }

  private static int shell(String line) throws Exception {
    Process process = new ProcessBuilder("sh", "-c", line).redirectErrorStream(true).start();
    process.getInputStream().readAllBytes();
    return process.waitFor();
  }
}
