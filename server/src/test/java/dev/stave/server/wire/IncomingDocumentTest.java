package dev.stave.server.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stave.json.InvalidJsonException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IncomingDocumentTest {

  private static IncomingDocument parse(String json) {
    return IncomingDocument.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}                                          | {}",
        "{'_id': 'x'}                                | {}",
        "{'_id': 'x', 'a': 1}                        | {'a':1}",
        "{'a': 1, '_id': 'x'}                        | {'a':1}",
        "{'a': 1, '_id': 'x', 'b': ','}              | {'a':1,'b':','}",
        "{'_rev': '1-a', '_id': 'x', 'a': ',', 'b': 2} | {'a':',','b':2}",
        "{'a': 1,'_id':'x','_rev':'1-a'}             | {'a':1}",
        "{'a': {'_id': 1}}                           | {'a':{'_id':1}}",
        "{'\\u005fid': 'x', 'a': 1}                  | {'a':1}",
        "{'a': '\\\"}', '_revisions': {'start': 1, 'ids': ['a']}, 'b': [1, {}]} | {'a':'\\\"}','b':[1,{}]}",
        "{'_conflicts': [',', {}], 'a': -1.50}       | {'a':-1.50}",
      })
  void parse_specialMembers_areTakenOut(String json, String body) {
    assertThat(parse(json).body().toString()).isEqualTo(body.replace('\'', '"'));
  }

  @Test
  void parse_errorAfterASpecialMember_namesTheByteTheClientKnows() {
    assertThatThrownBy(() -> parse("{'_id': 'x', 'a': {'b': 1, 'b': 2}}"))
        .isInstanceOf(InvalidJsonException.class)
        .hasMessageContaining("path=/a/b, byte=32");
  }

  @Test
  void history_revisions_areAPath() {
    IncomingDocument document =
        parse("{'_rev': '3-c', '_revisions': {'start': 3, 'ids': ['c', 'b', 'a']}}");

    assertThat(document.history().ids())
        .extracting(Object::toString)
        .containsExactly("3-c", "2-b", "1-a");
    assertThat(parse("{'_rev': '3-c', '_deleted': true}").history().deleted()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'_foo': 1}          | doc_validation",
        "{'_id': 1, '_id': 2} | bad_request",
        "{'_id': [1, 1e99999]}| bad_request",
      })
  void parse_wrongSpecialMember_isRefused(String json, String error) {
    assertThatThrownBy(() -> parse(json))
        .isInstanceOfSatisfying(
            RefusedDocumentException.class, e -> assertThat(e.error()).isEqualTo(error));
  }
}
