package dev.stave.json;

/**
 * What a document may hold. Everything over a limit is refused with {@link InvalidJsonException};
 * nothing is ever truncated.
 */
public final class JsonLimits {

  /** Objects and arrays inside each other, the document itself counted. */
  public static final int MAX_DEPTH = 200;

  /** Digits of one number, trailing zeros counted and leading ones not. */
  public static final int MAX_NUMBER_DIGITS = 1_000;

  /** A number that is not zero lies between 10<sup>-9999</sup> and 10<sup>10000</sup>. */
  public static final int MAX_EXPONENT = 9_999;

  /** Bytes of one document's JSON, unless a database is opened with another limit. */
  public static final int DEFAULT_MAX_BYTES = 8 << 20;

  private JsonLimits() {}
}
