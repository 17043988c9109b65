package dev.stave.spec.bench.query;

import com.fasterxml.jackson.core.type.TypeReference;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.dizitart.no2.Nitrite;
import org.dizitart.no2.collection.Document;
import org.dizitart.no2.collection.FindOptions;
import org.dizitart.no2.collection.NitriteCollection;
import org.dizitart.no2.collection.NitriteId;
import org.dizitart.no2.common.SortOrder;
import org.dizitart.no2.filters.Filter;
import org.dizitart.no2.filters.FluentFilter;
import org.dizitart.no2.index.IndexOptions;
import org.dizitart.no2.index.IndexType;
import org.dizitart.no2.mvstore.MVStoreModule;

/**
 * Nitrite over MVStore, with indexes on five paths. Its commit leaves the file to the operating
 * system: here the file is forced to the disk after each, as with all others.
 */
final class NitriteEngine implements Engine {

  private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

  private final Nitrite database;
  private final NitriteCollection collection;
  private final FileChannel file;

  NitriteEngine(Path folder) {
    try {
      Files.createDirectories(folder);
      Path path = folder.resolve("docs.nitrite");
      database =
          Nitrite.builder()
              .loadModule(
                  MVStoreModule.withConfig().filePath(path.toString()).autoCommit(false).build())
              .fieldSeparator(".")
              .openOrCreate();
      collection = database.getCollection("docs");
      file = FileChannel.open(path, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    for (String field : List.of("customer.email", "total", "created", "address.city", "status")) {
      if (!collection.hasIndex(field)) {
        collection.createIndex(IndexOptions.indexOptions(IndexType.NON_UNIQUE), field);
      }
    }
  }

  private void commit() {
    database.commit();
    try {
      file.force(true);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @SuppressWarnings("unchecked")
  private static Object nested(Object value) {
    if (value instanceof Map) {
      Document document = Document.createDocument();
      ((Map<String, Object>) value).forEach((name, member) -> document.put(name, nested(member)));
      return document;
    }
    return value instanceof List
        ? ((List<Object>) value).stream().map(NitriteEngine::nested).collect(Collectors.toList())
        : value;
  }

  @Override
  public void insert(int first, List<byte[]> bodies) {
    Document[] documents = new Document[bodies.size()];
    for (int i = 0; i < documents.length; i++) {
      try {
        documents[i] = (Document) nested(Leaves.MAPPER.readValue(bodies.get(i), OBJECT));
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
      documents[i].put("_id", String.valueOf(first + i));
    }
    collection.insert(documents);
    commit();
  }

  private static NitriteId key(String id) {
    return NitriteId.createId(String.valueOf(Orders.number(id)));
  }

  @Override
  public int get(String id) {
    return collection.getById(key(id)).size();
  }

  @Override
  public List<String> find(Question question) {
    FindOptions options = new FindOptions();
    switch (question.kind()) {
      case RANGE_LIMIT, PAGE -> options = FindOptions.limitBy(Question.LIMIT);
      case RANGE_SORT -> options = FindOptions.orderBy("created", SortOrder.Ascending);
      case TOP_OF ->
          options = FindOptions.orderBy("created", SortOrder.Descending).limit(Question.TOP);
      default -> {}
    }
    List<String> ids = new ArrayList<>();
    for (Document document : collection.find(filter(question), options)) {
      ids.add(Orders.id(document.get("number", Integer.class)));
    }
    return ids;
  }

  private static Filter filter(Question question) {
    Filter range =
        Filter.and(
            FluentFilter.where("total").gte(question.low()),
            FluentFilter.where("total").lt(question.high()));
    return switch (question.kind()) {
      case RANGE_LIMIT, RANGE_SORT -> range;
      case TWO, PAGE, STATUS ->
          Filter.and(
              FluentFilter.where(question.path()).eq(question.text()),
              FluentFilter.where("total").gte(question.low()),
              FluentFilter.where("total").lt(question.high()));
      case MEMBER ->
          FluentFilter.where("items").elemMatch(FluentFilter.where("sku").eq(question.text()));
      default -> FluentFilter.where(question.path()).eq(question.text());
    };
  }

  @Override
  public void setStatus(Map<String, String> byId) {
    byId.forEach(
        (id, status) -> {
          Document document = collection.getById(key(id));
          document.put("status", status);
          collection.update(document);
        });
    commit();
  }

  @Override
  public void close() {
    database.close();
    try {
      file.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
