package dev.stave.database;

import dev.stave.document.Document;
import dev.stave.validation.Problem;
import dev.stave.validation.RefusedDocumentException;
import dev.stave.validation.SchemaRules;
import dev.stave.validation.Validator;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What a database asks of the documents that are written to it: its schemas, which are documents,
 * and the validators it was opened with. It asks on the thread that writes.
 *
 * <p>Schemas are compiled once for each commit that changes any, by the first write after it. The
 * committer counts those commits. A write names the count that it was checked at, and if that is
 * another when its turn comes, it is checked again: nothing slips in between a schema and a write.
 */
final class DocumentChecks {

  /** The count of what needs no check. */
  static final long UNCHECKED = -1;

  /** All ids that begin as those of schemas do: a slash follows the dot. */
  private static final IdRange SCHEMA_IDS =
      new IdRange(SchemaRules.PREFIX, SchemaRules.PREFIX.replaceFirst("\\.$", "/"), false);

  private record Compiled(long count, SchemaRules schemas) {}

  /**
   * Edits that were looked at.
   *
   * @param refused by its place among the edits, why one is refused; most often there is none
   * @param count as of which, or {@link #UNCHECKED} if none of them needs a check
   */
  record Checked(List<Edit> edits, SortedMap<Integer, WriteResult.Refused> refused, long count) {

    /**
     * @throws RefusedDocumentException if any is refused
     */
    void requireAll() {
      for (WriteResult.Refused first : refused.values()) {
        throw new RefusedDocumentException(first.id(), first.problems());
      }
    }

    List<Edit> accepted() {
      if (refused.isEmpty()) {
        return edits;
      }
      List<Edit> accepted = new ArrayList<>();
      for (int i = 0; i < edits.size(); i++) {
        if (!refused.containsKey(i)) {
          accepted.add(edits.get(i));
        }
      }
      return accepted;
    }

    /** A result for each edit: those of the {@link #accepted} ones, and the refusals between. */
    List<WriteResult> results(List<WriteResult> ofAccepted) {
      if (refused.isEmpty()) {
        return ofAccepted;
      }
      List<WriteResult> results = new ArrayList<>(ofAccepted);
      refused.forEach(results::add); // in their order, so each finds the place it had
      return results;
    }
  }

  private final List<Validator> validators;
  private final Supplier<View> views;
  private final LongSupplier counts;
  private volatile Compiled compiled = new Compiled(UNCHECKED, SchemaRules.NONE);

  DocumentChecks(List<Validator> validators, Supplier<View> views, LongSupplier counts) {
    this.validators = validators;
    this.views = views;
    this.counts = counts;
  }

  static boolean isSchema(String id) {
    return id.startsWith(SchemaRules.PREFIX);
  }

  /** The schemas as of now. */
  SchemaRules schemas() {
    return compiled().schemas();
  }

  private Compiled compiled() {
    long count = counts.getAsLong(); // before the view: what that has is as new, or newer
    Compiled known = compiled;
    if (known.count() == count) {
      return known;
    }
    List<Document> documents = new ArrayList<>();
    try (View view = views.get()) {
      view.forEach(SCHEMA_IDS, documents::add);
    }
    known = new Compiled(count, SchemaRules.of(documents));
    compiled = known;
    return known;
  }

  /** Looks at every edit that makes a live revision here; others are not for this database. */
  Checked check(List<Edit> edits) {
    SortedMap<Integer, WriteResult.Refused> refused = new TreeMap<>();
    Compiled now = null;
    for (int i = 0; i < edits.size(); i++) {
      if (edits.get(i) instanceof Edit.Put put && !put.deleted()) {
        now = now == null ? compiled() : now;
        Document document = new Document(put.id(), put.revision(), false, put.body());
        List<Problem> problems = problems(document, now.schemas());
        if (!problems.isEmpty()) {
          refused.put(i, new WriteResult.Refused(put.id(), problems));
        }
      }
    }
    return new Checked(edits, refused, now == null ? UNCHECKED : now.count());
  }

  /** What is wrong with {@code document}, as it would be. */
  List<Problem> problems(Document document) {
    return problems(document, schemas());
  }

  private List<Problem> problems(Document document, SchemaRules schemas) {
    if (Document.isDesign(document.id())) {
      return List.of(); // rules are for data
    }
    List<Problem> problems = schemas.problems(document);
    if (validators.isEmpty() || document.id().startsWith(SchemaRules.OWN)) {
      return problems;
    }
    List<Problem> all = new ArrayList<>(problems);
    validators.forEach(validator -> all.addAll(validator.validate(document)));
    return all;
  }
}
