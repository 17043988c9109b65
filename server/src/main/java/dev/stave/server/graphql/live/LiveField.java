package dev.stave.server.graphql.live;

import graphql.schema.DataFetcher;
import graphql.schema.DataFetchingEnvironment;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/**
 * A field to listen to: at first the publisher of its events, and then, once for each of them, the
 * event.
 */
public record LiveField(DataFetcher<? extends Publisher<?>> opening)
    implements DataFetcher<Object> {

  /** In the context of a request: where the publisher is left. */
  public static final String SOURCE = "source of events";

  /** In the context of a request for one event: the event. */
  public static final String EVENT = "event";

  @Override
  public @Nullable Object get(DataFetchingEnvironment environment) throws Exception {
    Object event = environment.getGraphQlContext().get(EVENT);
    if (event != null) {
      return event;
    }
    Publisher<?> source = opening.get(environment);
    environment.getGraphQlContext().put(SOURCE, source);
    return source;
  }
}
