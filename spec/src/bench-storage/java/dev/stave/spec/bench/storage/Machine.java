package dev.stave.spec.bench.storage;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;

/** Where the race was run, without a name that would give the place away. */
final class Machine {

  private Machine() {}

  static List<String> describe(Path folder) throws IOException {
    return List.of(
        "date: " + LocalDate.now(ZoneOffset.UTC),
        "CPU: "
            + ProcFile.value("/proc/cpuinfo", "model name").orElse(property("os.arch"))
            + ", cores: "
            + Runtime.getRuntime().availableProcessors(),
        "memory: " + ProcFile.value("/proc/meminfo", "MemTotal").orElse("unknown"),
        "kernel: " + property("os.name") + " " + property("os.version"),
        "file system: " + Files.getFileStore(folder).type(),
        "Java: " + property("java.vm.name") + " " + property("java.vm.version") + ", " + Race.HEAP,
        "RocksDB: "
            + RocksEngine.version()
            + ", compression as it comes: "
            + RocksEngine.defaultCompression(),
        "load before: " + loadAverage());
  }

  static List<String> load() {
    return List.of("load after: " + loadAverage());
  }

  private static String loadAverage() {
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    return String.format(Locale.ROOT, "%.2f", load);
  }

  private static String property(String name) {
    return System.getProperty(name);
  }
}
