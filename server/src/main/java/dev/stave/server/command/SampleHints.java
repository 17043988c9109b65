package dev.stave.server.command;

import dev.stave.server.sample.SampleData;
import java.net.URI;

/** What to try next with the sample data: lines for a shell. */
record SampleHints(URI server) {

  String text() {
    return String.join(
        System.lineSeparator(),
        "",
        "The database \"%s\" has %d lighthouses, %d of them in conflict. In another terminal, try:"
            .formatted(SampleData.DATABASE, SampleData.DOCUMENTS, SampleData.CONFLICTS),
        "",
        "# lights over 25 miles with something badly worn: any path can be asked for",
        curl("_find", selector() + ", \"fields\": [\"name\", \"light.range_nm\"]}"),
        "",
        "# how the index answered that",
        curl("_explain", selector() + "}"),
        "",
        "# two inspectors wrote at once: both edits are kept, _conflicts names the other one",
        "curl -s '" + database() + SampleData.conflicting(0) + "?conflicts=true'");
  }

  private static String selector() {
    return "{\"selector\": {\"light.range_nm\": {\"$gt\": 25}, \"**.severity\": 5}";
  }

  private String curl(String endpoint, String body) {
    return "curl -s "
        + database()
        + endpoint
        + " -H 'Content-Type: application/json' -d '"
        + body
        + "'";
  }

  private String database() {
    return server + SampleData.DATABASE.value() + "/";
  }
}
