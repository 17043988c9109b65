/** The embeddable database. Begin with {@link dev.stave.database.Database}. */
module dev.stave {
  requires transitive com.fasterxml.jackson.databind;
  requires static transitive org.jspecify;
  requires json.schema;
  requires re2j;
  requires roaringbitmap;

  exports dev.stave;
  exports dev.stave.bytes to
      dev.stave.sync; // its binary streams
  exports dev.stave.changes;
  exports dev.stave.database;
  exports dev.stave.document;
  exports dev.stave.json;
  exports dev.stave.merge;
  exports dev.stave.nodes;
  exports dev.stave.policy;
  exports dev.stave.query;
  exports dev.stave.review;
  exports dev.stave.revision;
  exports dev.stave.storage;
  exports dev.stave.validation;
  exports dev.stave.watch;
}
