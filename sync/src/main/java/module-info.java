/** Replication between databases. Begin with {@link dev.stave.sync.Replication}. */
module dev.stave.sync {
  requires transitive dev.stave;
  requires transitive okhttp3; // whoever has a client of their own gives it
  requires okio;
  requires kotlin.stdlib;
  requires static transitive org.jspecify;

  exports dev.stave.sync;
  exports dev.stave.sync.http;
  exports dev.stave.sync.peer;
}
