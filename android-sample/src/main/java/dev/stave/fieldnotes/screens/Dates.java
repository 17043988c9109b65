package dev.stave.fieldnotes.screens;

import android.content.res.Resources;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.DecimalStyle;
import java.time.format.FormatStyle;
import java.util.Locale;
import java.util.Optional;

/** Days: as notes have them, such as {@code 2026-11-20}, and as people read them. */
final class Dates {

  private Dates() {}

  /** That of a note; empty if what it has is no day. */
  static Optional<LocalDate> of(String stored) {
    try {
      return Optional.of(LocalDate.parse(stored));
    } catch (DateTimeParseException e) {
      return Optional.empty(); // another app wrote something else
    }
  }

  /** In the language and the order of this phone. What is no day stays as it was written. */
  static String words(Resources phone, String stored) {
    Locale locale = phone.getConfiguration().getLocales().get(0);
    DateTimeFormatter format =
        DateTimeFormatter.ofLocalizedDate(FormatStyle.MEDIUM)
            .withLocale(locale)
            .withDecimalStyle(DecimalStyle.of(locale));
    return of(stored).map(format::format).orElse(stored);
  }
}
