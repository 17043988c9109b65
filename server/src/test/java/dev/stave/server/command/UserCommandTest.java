package dev.stave.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UserCommandTest extends CommandTest {

  private Outcome add(String password, String... arguments) {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream((password + "\n").getBytes(StandardCharsets.UTF_8)));
    try {
      List<String> all = new ArrayList<>(List.of("user", "add"));
      all.addAll(List.of(arguments));
      all.add("--password-stdin");
      return runOnData(all.toArray(new String[0]));
    } finally {
      System.setIn(before);
    }
  }

  @Test
  void users_areAddedListedAndRemoved() {
    assertThat(add("top", "root", "--admin").out()).contains("root is an administrator now");
    assertThat(add("secret", "ann", "--role", "editor", "--role", "boss").exitCode()).isZero();
    assertThat(add("other", "ann", "--role", "editor").exitCode()).isZero();

    assertThat(runOnData("user", "list").lines()).containsExactly("root _admin", "ann editor");
    assertThat(runOnData("user", "remove", "ann").exitCode()).isZero();
    assertThat(runOnData("user", "list").lines()).containsExactly("root _admin");
    assertThat(runOnData("user", "remove", "ann").err()).contains("there is no user ann");
  }

  @Test
  void user_thatIsNone_isRefusedInALine() {
    assertThat(add("", "ann").err()).contains("the password is empty");
    assertThat(add("x", "a:b").err()).contains("no colon");
    assertThat(run("user").err()).contains("add, list or remove");
    assertThat(run("user", "list", "--data", folder.resolve("none").toString()).err())
        .contains("there is no data folder");
  }
}
