package dev.stave.spec.bench.storage;

import java.io.PrintStream;
import java.util.Map;
import java.util.TreeMap;

/**
 * Named figures of one child, which hands them to its parent as lines of text.
 *
 * <pre>
 * line = "figure " name "=" number
 * name = workload ".cpu"      operations per CPU second
 *      | workload ".wall"     operations per second
 *      | workload ".check"    what was read, in one number: the same for every contender
 *      | workload "." other
 * </pre>
 */
public final class Measurements {

  static final String CPU = ".cpu";
  static final String WALL = ".wall";
  static final String CHECK = ".check";
  static final String STALL = ".stallMillis";
  static final String WRITTEN = ".writtenBytes";
  static final String DISK = ".diskBytes";

  private static final String PREFIX = "figure ";

  private final Map<String, Double> figures = new TreeMap<>();

  public void put(String name, double figure) {
    figures.put(name, figure);
  }

  void rates(String workload, long operations, Cost cost) {
    put(workload + CPU, cost.perCpuSecond(operations));
    put(workload + WALL, cost.perSecond(operations));
  }

  public Map<String, Double> figures() {
    return figures;
  }

  public void print(PrintStream out) {
    figures.forEach((name, figure) -> out.println(PREFIX + name + "=" + figure));
  }

  /** Takes the line if it is a figure. */
  public boolean parse(String line) {
    if (!line.startsWith(PREFIX)) {
      return false;
    }
    int equals = line.lastIndexOf('=');
    put(line.substring(PREFIX.length(), equals), Double.parseDouble(line.substring(equals + 1)));
    return true;
  }
}
