package dev.stave.sync.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.database.IncomingSeed;
import dev.stave.database.SeedFile;
import dev.stave.sync.peer.SeedOffer;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import okhttp3.Request;
import okhttp3.Response;

/** The files of a Stave's database, asked for part by part. */
final class HttpSeed {

  private static final String SEED = "_seed";

  private static final int ACCEPTED = 202;
  private static final int PARTIAL = 206;
  private static final int MAX_FILES = 100_000;

  private HttpSeed() {}

  static Optional<SeedOffer> offer(HttpWire wire) {
    try (Response response = wire.send(HttpWire.get(wire.at(SEED)).build())) {
      if (!response.isSuccessful()) {
        return Optional.empty(); // not for us, none, too busy: the feed tells what is the matter
      }
      if (response.code() == ACCEPTED) {
        return Optional.of(SeedOffer.LATER);
      }
      JsonNode offer = wire.read(response);
      List<SeedFile> files = new ArrayList<>();
      for (JsonNode file : offer.path("files")) {
        files.add(new SeedFile(file.path("name").asText(), file.path("length").asLong(-1)));
        if (files.size() > MAX_FILES) {
          throw wire.wrong(response, "a seed has not so many files");
        }
      }
      return Optional.of(
          new SeedOffer(true, offer.path("id").asText(), offer.path("sequence").asLong(-1), files));
    }
  }

  static void read(HttpWire wire, String id, IncomingSeed.Piece piece, byte[] bytes) {
    long last = piece.offset() + piece.length() - 1;
    Request request =
        HttpWire.get(wire.at(SEED, id, piece.file()))
            .header("Accept", "application/octet-stream")
            .header("Range", "bytes=" + piece.offset() + "-" + last)
            .build();
    try (Response response = wire.sendWell(request)) {
      String range = response.header("Content-Range", "");
      boolean isIt =
          response.code() == PARTIAL
              && range != null
              && range.startsWith("bytes " + piece.offset() + "-" + last + "/");
      if (!isIt) {
        throw wire.wrong(response, "it is another part of the file than was asked for");
      }
      fill(wire, HttpWire.body(response), bytes, piece.length());
    }
  }

  /** Reads no more than was asked for, whatever comes. */
  private static void fill(HttpWire wire, InputStream in, byte[] bytes, int length) {
    try (in) {
      int filled = 0;
      while (filled < length) {
        int count = in.read(bytes, filled, length - filled);
        if (count < 0) {
          throw new EOFException("it broke off");
        }
        filled += count;
      }
    } catch (IOException e) {
      throw wire.unreachable(e);
    }
  }
}
