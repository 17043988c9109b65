package dev.stave.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.json.JsonObject;
import dev.stave.json.JsonPath;
import org.junit.jupiter.api.Test;

class PostingsTest {

  /** Once all paths were kept: documents with names of their own, come and gone, filled memory. */
  @Test
  void withoutEnded_pathsOfEndedVersionsAlone_areForgotten() {
    Postings postings = new Postings();
    for (int i = 1; i <= 1_000; i++) {
      String json = "{\"in\": {\"k" + i + "\": [1]}}";
      postings.add(2L * i, "d" + i, JsonObject.parse(json).sharedTree());
      if (i < 1_000) {
        postings.end(2L * i, postings.addTombstone(2L * i + 1));
      }
    }

    Postings fresh = postings.withoutEnded();

    assertThat(fresh.liveCount()).isEqualTo(1);
    assertThat(fresh.dictionary.size())
        .isEqualTo(5); // the document, _id, in, k1000 and its elements
    int[] found = fresh.dictionary.match(PathDictionary.ROOT, JsonPath.parse("in.k1000[]"));
    assertThat(found).hasSize(1);
    assertThat(fresh.newest(found[0])).isNotNegative();
  }
}
