package dev.stave.server.documents;

import dev.stave.document.Document;
import dev.stave.server.exchange.Request;
import dev.stave.server.wire.IncomingDocument;
import java.util.List;

/**
 * Which document a path names, and what of it. The slash in the id of a design document may be sent
 * as it is; one in any other id is sent as {@code %2F}.
 *
 * @param id as the client sent it
 * @param rest the segments after it
 */
public record DocumentPath(String id, List<String> rest) {

  private static final String DESIGN = "_design";

  /** Of a path that begins with a database. */
  public static DocumentPath of(List<String> path) {
    boolean inTwo = path.get(1).equals(DESIGN) && path.size() > 2;
    String id = inTwo ? Document.DESIGN_PREFIX + path.get(2) : path.get(1);
    return new DocumentPath(id, path.subList(inTwo ? 3 : 2, path.size()));
  }

  /** The id, if a document may have it. */
  public static String idOf(Request request) {
    return IncomingDocument.checkId(of(request.path()).id());
  }
}
