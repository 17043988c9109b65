package dev.stave.server.command;

import dev.stave.storage.Durability;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code sync}, {@code interval:MILLIS} and {@code none}. */
final class DurabilityOption implements ITypeConverter<Durability> {

  private static final Pattern INTERVAL = Pattern.compile("interval:([0-9]{1,9})");

  @Override
  public Durability convert(String text) {
    Matcher interval = INTERVAL.matcher(text);
    if (interval.matches()) {
      return every(Long.parseLong(interval.group(1)));
    }
    return switch (text) {
      case "sync" -> Durability.SYNC;
      case "none" -> Durability.NONE;
      default ->
          throw new TypeConversionException(
              "it is sync, interval:MILLIS or none, not '" + text + "'");
    };
  }

  private static Durability every(long millis) {
    try {
      return Durability.interval(Duration.ofMillis(millis));
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException("an interval is between 1 and 3600000 milliseconds");
    }
  }
}
