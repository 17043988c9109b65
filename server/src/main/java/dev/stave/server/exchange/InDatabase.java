package dev.stave.server.exchange;

import dev.stave.database.Database;
import java.io.IOException;

/** Answers a request for something in {@code database}, whose name is the first of the path. */
@FunctionalInterface
public interface InDatabase {

  Reply answer(Request request, Database database) throws IOException;
}
