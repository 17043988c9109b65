package dev.stave.server.graphql.live;

import java.util.function.Function;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** What another publisher gives, each item made another. Demand and cancelling go through. */
public record MappedPublisher<A, B>(Publisher<A> source, Function<A, B> function)
    implements Publisher<B> {

  @Override
  public void subscribe(Subscriber<? super B> subscriber) {
    source.subscribe(
        new Subscriber<A>() {
          @Override
          public void onSubscribe(Subscription subscription) {
            subscriber.onSubscribe(subscription);
          }

          @Override
          public void onNext(A item) {
            subscriber.onNext(function.apply(item));
          }

          @Override
          public void onError(Throwable failure) {
            subscriber.onError(failure);
          }

          @Override
          public void onComplete() {
            subscriber.onComplete();
          }
        });
  }
}
