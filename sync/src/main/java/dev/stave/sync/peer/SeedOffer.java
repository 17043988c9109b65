package dev.stave.sync.peer;

import dev.stave.database.SeedFile;
import java.util.List;

/**
 * A seed that a peer gives.
 *
 * @param isReady false while it is being made: ask again
 * @param sequence of the peer, up to which it has everything
 */
public record SeedOffer(boolean isReady, String id, long sequence, List<SeedFile> files) {

  /** One that is being made. */
  public static final SeedOffer LATER = new SeedOffer(false, "", 0, List.of());

  public SeedOffer {
    files = List.copyOf(files);
  }
}
