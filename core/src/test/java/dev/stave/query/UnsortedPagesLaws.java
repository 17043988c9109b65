package dev.stave.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.database.Database;
import dev.stave.database.Page;
import dev.stave.database.SmallDatabases;
import dev.stave.database.WriteBatch;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Without a sort the engine chooses an order; whichever it is, pages add up to the answer. */
class UnsortedPagesLaws {

  private static final List<String> SELECTORS =
      List.of(
          "{\"n\": {\"$gte\": 20}}",
          "{\"n\": {\"$gt\": 20, \"$lt\": 70}}",
          "{\"$and\": [{\"n\": {\"$gt\": 20}}, {\"n\": {\"$lte\": 90}}]}",
          "{\"n\": 7}",
          "{\"n\": {\"$exists\": true}}",
          "{\"sub.flag\": true}",
          "{\"mixed\": {\"$gt\": 5}}",
          "{\"_id\": {\"$gt\": \"d1\"}}",
          "{\"n\": {\"$gte\": 20}, \"sub.flag\": true}",
          "{\"n\": {\"$ne\": 20}}",
          "{\"tags\": {\"$elemMatch\": {\"$eq\": 3}}}",
          "{}");

  @Property(tries = 20)
  void pages_ofAnySize_addUpToTheAnswer(@ForAll long seed) {
    Random random = new Random(seed);
    try (Database database = SmallDatabases.inMemory(random.nextInt(3) * 100_000L)) {
      for (int batch = 0; batch < 4; batch++) {
        write(database, random, batch * 150);
      }
      for (String selector : SELECTORS) {
        Query query = Query.where(selector);
        List<String> all = ids(database.find(query));

        assertThat(inPages(database, query, 1 + random.nextInt(60)))
            .as(selector)
            .doesNotHaveDuplicates()
            .containsExactlyInAnyOrderElementsOf(all);
        assertThat(inPages(database, query.backward(), 1 + random.nextInt(60)))
            .as("%s backward", selector)
            .doesNotHaveDuplicates()
            .containsExactlyInAnyOrderElementsOf(all);
        assertThat(bySkipping(database, query, 1 + random.nextInt(60)))
            .as(selector)
            .doesNotHaveDuplicates()
            .containsExactlyInAnyOrderElementsOf(all);
      }
    }
  }

  private static void write(Database database, Random random, int from) {
    WriteBatch batch = new WriteBatch();
    for (int i = from; i < from + 150; i++) {
      String mixed = random.nextBoolean() ? "" + random.nextInt(9) : "[" + random.nextInt(9) + "]";
      String json =
          "{\"n\": "
              + (random.nextInt(4) == 0 ? 7 : random.nextInt(100))
              + ", \"sub\": {\"flag\": "
              + random.nextBoolean()
              + "}, \"mixed\": "
              + mixed
              + ", \"tags\": ["
              + random.nextInt(5)
              + "]}";
      batch.put("d" + i, JsonObject.parse(json));
    }
    database.write(batch);
    for (int i = 0; i < 20; i++) {
      database
          .get("d" + random.nextInt(from + 150))
          .ifPresent(document -> database.delete(document.id(), document.revision()));
    }
  }

  private static List<String> inPages(Database database, Query query, int size) {
    Page page = database.page(query.limit(size));
    List<String> found = ids(page.documents());
    while (page.next().isPresent()) {
      Bookmark place = Bookmark.parse(page.next().get().toString());
      page = database.page(query.limit(size).after(place));
      found.addAll(ids(page.documents()));
    }
    return found;
  }

  private static List<String> bySkipping(Database database, Query query, int size) {
    List<String> found = new ArrayList<>();
    while (true) {
      List<String> page = ids(database.find(query.skip(found.size()).limit(size)));
      if (page.isEmpty()) {
        return found;
      }
      found.addAll(page);
    }
  }

  private static List<String> ids(List<Document> documents) {
    return documents.stream().map(Document::id).collect(Collectors.toCollection(ArrayList::new));
  }
}
