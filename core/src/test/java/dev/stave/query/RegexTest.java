package dev.stave.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegexTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "^abc          ~ abc",
        "^abc$         ~ abc",
        "^ab.c         ~ ab",
        "^ab*          ~ a",
        "^ab?c         ~ a",
        "^ab{2}        ~ a",
        "^ab+c         ~ a",
        "^a\\.b        ~ a.b",
        "^ab\\db       ~ a",
        "^ba\\Qb.c\\E  ~ b",
        "^ba\\Q\\E*     ~ b",
        "^ba(?i)b      ~ b",
        "^ba(?i){0,3}  ~ b",
        "^ba.*         ~ ba",
        "^a(b|c)       ~ ``",
        "^a|b          ~ ``",
        "(?i)^abc      ~ ``",
        "^(?i)abc      ~ ``",
        "^*abc         ~ ``",
        "abc           ~ ``",
        "^\ud83d\ude00x* ~ \ud83d\ude00",
        "^a\ud83d\ude00* ~ a"
      })
  void prefix_regex_isWhatIsPlainAfterTheBeginning(String text, String prefix) {
    assertThat(Regex.of(text).prefix()).isEqualTo(prefix);
  }

  /** RE2 writes repetitions out: these would be a thousand million steps, in some gigabytes. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "((a{1000}){1000}){1000}",
        "(((((a{99}){99}){99}){99}){99}){99}",
        "((\\Qabc\\E{999}){999}){999}",
        "(([[:alpha:]]{999}){999}){999}",
        "(([^]]{999}){999}){999}",
        "(([\\]]{999}){999}){999}",
        "((\\x{41}{999}){999}){999}",
        "((\\p{Greek}{999}){999}){999}",
        "((a*?){999}){999}",
        "(?P<n>(a{1,999}){0,999}){999}",
        "(((a{999,}){999,}){999,}"
      })
  void of_repetitionsOfRepetitions_areRefusedBeforeTheyAreWrittenOut(String text) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () ->
            assertThatThrownBy(() -> Regex.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("more than 2000 steps"));
  }

  @Test
  void of_longOne_isRefused() {
    assertThat(Regex.of("a".repeat(Regex.MAX_LENGTH)).isIn("a")).isFalse();
    assertThatThrownBy(() -> Regex.of("(".repeat(100_000)))
        .hasMessage("it has 100000 characters, and may have 1000");
    assertThat(Regex.of("(".repeat(500) + ")".repeat(500)).isIn("")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"(?=a)", "(?!a)", "(?<=a)", "(?<!a)", "(a)\\1", "(?>a)", "a++"})
  void of_whatOnlyPcreKnows_isRefused(String text) {
    assertThatThrownBy(() -> Regex.of(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("RE2 has no look-around and no back references");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$",
        "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?Z$",
        "^[\\w.+-]{1,64}@[\\w-]{1,63}(\\.[\\w-]{1,63}){1,5}$",
        "^[0-9a-f]{64}$"
      })
  void of_whatPeopleWrite_isTaken(String text) {
    assertThat(Regex.of(text).isIn("x")).isFalse();
  }

  /** Backtracking takes some 2^30 steps here. */
  @Test
  void isIn_nestedRepetition_isLinear() {
    assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () -> {
          assertThat(Regex.of("^(a+)+$").isIn("a".repeat(100_000) + "b")).isFalse();
          assertThat(Regex.of("(a?){30}a{30}$").isIn("a".repeat(29))).isFalse();
        });
  }
}
