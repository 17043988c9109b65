package dev.stave.server.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.Database;
import dev.stave.database.Seed;
import dev.stave.database.SeedFile;
import dev.stave.server.databases.DatabaseName;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.JsonReply;
import dev.stave.server.exchange.OwnBytes;
import dev.stave.server.exchange.Reply;
import dev.stave.server.exchange.Request;
import dev.stave.storage.StorageClosedException;
import io.undertow.util.Headers;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * All of a database in files, for a Stave that has nothing of it yet. Seeds are made one after
 * another, by a thread for that, and each serves all who ask for an hour.
 *
 * <p>They have nothing but what whoever may read the database may read, document by document. Where
 * not everybody may read all documents, there is none: in the server's own databases.
 */
final class SeedEndpoint implements AutoCloseable {

  private static final int WAIT_SECONDS = 15;

  /** So many requests keep a worker waiting; others are told to ask again. */
  private static final int WAITING_AT_ONCE = 4;

  private static final Pattern RANGE = Pattern.compile("bytes=(\\d{1,18})-(\\d{1,18})");

  private final Map<Database, Future<Seed>> making = new ConcurrentHashMap<>();
  private final Semaphore places = new Semaphore(WAITING_AT_ONCE);
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread made = new Thread(task, "stave-seed");
            made.setDaemon(true);
            return made;
          });

  /** {@code GET /{db}/_seed}. */
  Reply offer(Request request, Database database) {
    requireOrdinary(request);
    if (!database.seeds().isWorthGiving()) {
      throw HttpException.notFound("There are so few documents that the feed is as fast.");
    }
    Optional<Seed> made = await(database);
    if (made.isEmpty()) {
      return JsonReply.of(202, JsonReply.okay());
    }
    Seed seed = made.get();
    ObjectNode offer = JsonReply.object().put("id", seed.id()).put("sequence", seed.sequence());
    ArrayNode files = offer.putArray("files");
    for (SeedFile file : seed.files()) {
      files.addObject().put("name", file.name()).put("length", file.length());
    }
    return JsonReply.ok(offer);
  }

  private static void requireOrdinary(Request request) {
    if (DatabaseName.isSystem(request.segment(0))) {
      throw HttpException.notFound("Of the server's own databases there are no seeds.");
    }
  }

  /** Empty if it takes longer. */
  private Optional<Seed> await(Database database) {
    Future<Seed> task = making.computeIfAbsent(database, this::begin);
    if (!places.tryAcquire()) {
      return Optional.empty();
    }
    try {
      return Optional.of(task.get(WAIT_SECONDS, TimeUnit.SECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException why) {
        throw why;
      }
      throw new IllegalStateException("a seed could not be made", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } finally {
      places.release();
    }
  }

  private Future<Seed> begin(Database database) {
    FutureTask<Seed> task =
        new FutureTask<>(() -> database.seeds().give()) {
          @Override
          protected void done() {
            making.remove(database, this); // who asks later gets it, or another, at once
          }
        };
    try {
      thread.execute(task);
    } catch (RejectedExecutionException e) {
      throw new StorageClosedException("the server is stopping");
    }
    return task;
  }

  /** {@code GET /{db}/_seed/{id}/{file}}. */
  static Reply file(Request request, Database database) {
    requireOrdinary(request);
    Path file =
        database
            .seeds()
            .find(request.segment(2))
            .flatMap(seed -> seed.file(request.segment(3)))
            .orElseThrow(() -> HttpException.notFound("The seed is not kept any more."));
    long length = file.toFile().length();
    Matcher asked = RANGE.matcher(request.header(Headers.RANGE).orElse("").trim());
    if (!asked.matches()) {
      return new Part(file, 0, length, null);
    }
    long first = Long.parseLong(asked.group(1));
    long last = Math.min(length - 1, Long.parseLong(asked.group(2)));
    if (first > last) {
      throw HttpException.noSuchRange(length);
    }
    return new Part(file, first, last - first + 1, "bytes " + first + "-" + last + "/" + length);
  }

  /** Bytes of a file; of all of it without a {@code range}. */
  private record Part(Path file, long first, long length, @Nullable String range) implements Reply {

    @Override
    public void send(Request request) throws IOException {
      try (RandomAccessFile in = open()) {
        Map<String, String> headers =
            range == null
                ? Map.of(
                    "Content-Type",
                    "application/octet-stream",
                    "Content-Length",
                    Long.toString(length))
                : Map.of(
                    "Content-Type",
                    "application/octet-stream",
                    "Content-Length",
                    Long.toString(length),
                    "Content-Range",
                    range);
        request.begin(range == null ? 200 : 206, headers);
        OutputStream out = request.output();
        if (request.isHead()) {
          out.flush(); // or it would say that there are no bytes
        } else {
          OwnBytes.copy(in::read, length, out, "a file of a seed");
        }
        out.close();
      }
    }

    private RandomAccessFile open() {
      try {
        RandomAccessFile in = new RandomAccessFile(file.toFile(), "r");
        in.seek(first);
        return in;
      } catch (IOException e) {
        throw HttpException.notFound("The seed is not kept any more.");
      }
    }
  }

  /** Makes none any more. The one under way ends when its database is closed. */
  @Override
  public void close() {
    thread.shutdownNow();
  }
}
