package dev.stave.server.graphql;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** What runs replications. A request is {@linkplain GraphQLRequest#with given} it by its class. */
@FunctionalInterface
public interface Replications {

  /** Those that run, as CouchDB's {@code _active_tasks} has them. */
  List<JsonNode> running();
}
