package dev.stave.index;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.index.PathIndex.VersionVisitor;
import dev.stave.policy.IndexPolicy;
import dev.stave.storage.Table;
import dev.stave.storage.Tables;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Makes one table of all versions up to a sequence, out of the documents. For one thread. */
final class TableRebuild {

  private final Tables tables;
  private final PathDictionary dictionary;
  private final IndexPolicy policy;
  private final long partBytes;
  private final long to;
  private final BooleanSupplier isClosing;
  private final List<TablePart> parts = new ArrayList<>();
  private final VersionSet versions = new VersionSet();
  private MemoryPart memory;
  private long flushedTo;

  /** Of versions up to {@code to}, in parts of {@code partBytes} of heap that are merged then. */
  TableRebuild(
      Tables tables,
      PathDictionary dictionary,
      IndexPolicy policy,
      long partBytes,
      long to,
      BooleanSupplier isClosing) {
    this.tables = tables;
    this.dictionary = dictionary;
    this.policy = policy;
    this.partBytes = partBytes;
    this.to = to;
    this.isClosing = isClosing;
    this.memory = new MemoryPart(dictionary, policy);
  }

  /** The table, which does not count yet. */
  Table table(Consumer<VersionVisitor> documents) {
    try {
      documents.accept(this::add);
      flush(to);
      if (parts.size() == 1) {
        return parts.remove(0).table();
      }
      return TableMaker.merge(tables, dictionary, parts, versions, isClosing);
    } finally {
      parts.forEach(part -> part.table().discard());
    }
  }

  private void add(long sequence, String id, JsonNode body) {
    if (isClosing.getAsBoolean()) {
      throw new CancellationException("the index is being closed");
    }
    if (sequence > to) {
      return; // newer tables have it, or it is in memory
    }
    if (memory.bytes() >= partBytes) {
      flush(sequence - 1);
    }
    versions.add(sequence);
    memory.add(sequence, id, body);
  }

  private void flush(long last) {
    Table table = TableMaker.flush(tables, dictionary, memory, new Deaths(), flushedTo, last);
    parts.add(PathIndex.opened(table));
    flushedTo = last;
    memory = new MemoryPart(dictionary, policy);
  }
}
