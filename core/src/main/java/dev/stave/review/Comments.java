package dev.stave.review;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.WriteBatch;
import dev.stave.document.Document;
import dev.stave.query.Query;
import dev.stave.query.Selector;
import dev.stave.review.Comment.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What people say of the merge requests of a database, and whose word is missing. */
final class Comments {

  private final MergeRequests requests;

  Comments(MergeRequests requests) {
    this.requests = requests;
  }

  /** Writes it down. */
  Comment say(Comment comment) {
    String text = comment.text();
    if (text.getBytes(StandardCharsets.UTF_8).length > MergeRequests.MAX_TEXT_BYTES) {
      throw new IllegalArgumentException(
          "a comment has at most " + MergeRequests.MAX_TEXT_BYTES + " bytes of UTF-8");
    }
    if (text.isEmpty() && comment.verdict() == null) {
      throw new IllegalArgumentException("a comment says something");
    }
    String id = Comment.PREFIX + UUID.randomUUID();
    requests.write(new WriteBatch().put(id, comment.toJson()).author(comment.author()));
    return comment;
  }

  /** What was said of a request, the first word first. */
  List<Comment> of(MergeRequest request) {
    ObjectNode selector = JsonNodeFactory.instance.objectNode();
    selector.put("stave", "comment").put("request", request.id());
    List<Comment> comments = new ArrayList<>();
    for (Document document : requests.database().find(Query.of(Selector.of(selector)))) {
      try {
        comments.add(Comment.of(document));
      } catch (RuntimeException e) {
        // somebody else's document, with the same members: it says nothing of this
      }
    }
    comments.sort(Comparator.comparing(Comment::at).thenComparing(Comment::author));
    return comments;
  }

  /** Those of {@code reviews} that are about a side of a request, and that nobody has given. */
  List<String> missingReviews(Preview preview, List<ReviewRules.Required> reviews) {
    List<String> missing = new ArrayList<>();
    List<Comment> said = reviews.isEmpty() ? List.of() : of(preview.request());
    for (ReviewRules.Required required : reviews) {
      boolean isAbout =
          preview.sides().stream()
              .map(Preview.Branch::document)
              .anyMatch(d -> required.selector().matches(d.id(), d.body().sharedTree()));
      if (isAbout && !isApproved(preview.request(), said, required.role())) {
        missing.add("it needs an approval by " + required.role());
      }
    }
    return missing;
  }

  /** Whether somebody in that role approved of these sides, and nobody in it wants changes. */
  private static boolean isApproved(MergeRequest request, List<Comment> said, String role) {
    Map<String, Verdict> last = new HashMap<>();
    for (Comment comment : said) {
      Verdict verdict = comment.verdict();
      if (verdict != null
          && role.equals(comment.role())
          && comment.sides().equals(request.sides())) {
        last.put(comment.author(), verdict);
      }
    }
    return !last.isEmpty() && !last.containsValue(Verdict.REQUEST_CHANGES);
  }
}
