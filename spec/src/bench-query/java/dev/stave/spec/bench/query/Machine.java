package dev.stave.spec.bench.query;

import dev.stave.spec.bench.storage.ProcFile;
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
            + ProcFile.value("/proc/cpuinfo", "model name").orElse(System.getProperty("os.arch"))
            + ", cores: "
            + Runtime.getRuntime().availableProcessors(),
        "memory: " + ProcFile.value("/proc/meminfo", "MemTotal").orElse("unknown"),
        "kernel: " + System.getProperty("os.name") + " " + System.getProperty("os.version"),
        "file system: " + Files.getFileStore(folder).type(),
        "Java: " + System.getProperty("java.vm.name") + " " + Runtime.version() + ", " + Race.HEAP,
        String.format(
            Locale.ROOT,
            "load after: %.2f",
            ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()));
  }
}
