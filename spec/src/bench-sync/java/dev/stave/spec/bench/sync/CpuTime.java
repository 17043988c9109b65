package dev.stave.spec.bench.sync;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Locale;

/**
 * What a process has used of the processors, in seconds: on Linux, which counts in hundredths.
 *
 * @param all of all its threads
 * @param compiler those of them that compile: this does not grow as the work does
 * @param collector those of them that collect garbage
 */
record CpuTime(double all, double compiler, double collector) {

  private static final double TICKS = 100;
  private static final int USER_TIME = 11; // after the name of the thread, which may have spaces
  private static final int SYSTEM_TIME = 12;

  /**
   * Of the process {@code pid}, {@code self} for this one. A thread that has ended is in {@code
   * all} only.
   */
  static CpuTime of(String pid) throws IOException {
    File process = new File("/proc/" + pid);
    double all = seconds(Files.readString(process.toPath().resolve("stat")));
    double compiler = 0;
    double collector = 0;
    File[] threads = new File(process, "task").listFiles();
    for (File thread : threads == null ? new File[0] : threads) {
      try {
        String stat = Files.readString(thread.toPath().resolve("stat"));
        String name = stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
        compiler += name.startsWith("C1") || name.startsWith("C2") ? seconds(stat) : 0;
        collector += name.startsWith("G1") || name.startsWith("GC") ? seconds(stat) : 0;
      } catch (IOException e) {
        // it has ended meanwhile
      }
    }
    return new CpuTime(all, compiler, collector);
  }

  private static double seconds(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME])) / TICKS;
  }

  /** What it has used since {@code before}. */
  CpuTime since(CpuTime before) {
    return new CpuTime(all - before.all, compiler - before.compiler, collector - before.collector);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%.2f (of it compiler %.2f, collector %.2f)", all, compiler, collector);
  }
}
