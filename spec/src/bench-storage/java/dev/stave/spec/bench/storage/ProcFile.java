package dev.stave.spec.bench.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What Linux tells in files of lines "name: value". Elsewhere there is nothing to read. */
public final class ProcFile {

  private ProcFile() {}

  public static Optional<String> value(String file, String name) {
    try {
      return Files.readAllLines(Path.of(file)).stream()
          .filter(line -> line.startsWith(name) && line.contains(":"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Bytes that this process has made the kernel write to disks so far; NaN if nobody counts. */
  static double writtenBytes() {
    return value("/proc/self/io", "write_bytes").map(Double::valueOf).orElse(Double.NaN);
  }
}
