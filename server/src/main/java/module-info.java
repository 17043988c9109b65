/** Stave as a server and as a command line. */
module dev.stave.server {
  requires com.auth0.jwt;
  requires com.graphqljava;
  requires dev.stave;
  requires dev.stave.sync;
  requires info.picocli;
  requires java.management;
  requires java.net.http;
  requires jdk.management;
  requires static org.jspecify;
  requires org.dataloader;
  requires org.mozilla.rhino;
  requires transitive org.reactivestreams; // what a subscription gives
  requires org.slf4j;
  requires undertow.core;
  requires xnio.api;

  opens dev.stave.server.command to
      info.picocli;

  exports dev.stave.server.databases;
  exports dev.stave.server.exchange;
  exports dev.stave.server.graphql;
  exports dev.stave.server.http;
}
