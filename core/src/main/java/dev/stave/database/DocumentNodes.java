package dev.stave.database;

import dev.stave.document.Document;
import dev.stave.nodes.Node;
import java.util.List;

/** What a JSONPath found in one document: at least one node. */
public record DocumentNodes(Document document, List<Node> nodes) {

  public DocumentNodes {
    nodes = List.copyOf(nodes);
  }
}
