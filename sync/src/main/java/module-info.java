/** Replication between databases. Begin with {@link dev.stave.sync.Replication}. */
module dev.stave.sync {
  requires transitive dev.stave;
  requires static transitive org.jspecify;

  exports dev.stave.sync;
}
