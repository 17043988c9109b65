package dev.stave.fieldnotes.data;

/** How a site is, or what was found of one thing at it. */
public enum Condition {
  GOOD("good"),
  WATCH("watch"),
  URGENT("urgent"),
  /** Nobody has looked yet. */
  OPEN("open");

  private final String code;

  Condition(String code) {
    this.code = code;
  }

  /** As documents have it. */
  public String code() {
    return code;
  }

  /** That of {@code code}; what is not known was not looked at. */
  public static Condition of(String code) {
    for (Condition each : values()) {
      if (each.code.equals(code)) {
        return each;
      }
    }
    return OPEN;
  }
}
