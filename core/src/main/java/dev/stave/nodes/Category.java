package dev.stave.nodes;

/**
 * A Unicode category as RE2 writes it. RE2 knows neither Cn, the code points that are not assigned,
 * nor counts them to C: of these two the ranges are written out.
 */
final class Category {

  private Category() {}

  private static final class Unassigned {
    static final String RANGES = ranges(true);
    static final String OTHERS = ranges(false);
  }

  /** Inside or outside of a class in brackets. */
  static String re2(String category, boolean negated, boolean inClass) {
    if (!category.equals("C") && !category.equals("Cn")) {
      return (negated ? "\\P{" : "\\p{") + category + "}";
    }
    String ranges;
    if (category.equals("Cn")) {
      ranges = negated ? Unassigned.OTHERS : Unassigned.RANGES;
    } else {
      ranges = negated ? "\\p{L}\\p{M}\\p{N}\\p{P}\\p{Z}\\p{S}" : Unassigned.RANGES + "\\p{C}";
    }
    return inClass ? ranges : "[" + ranges + "]";
  }

  /** The code points that are unassigned, or those that are not, as members of a class. */
  private static String ranges(boolean unassigned) {
    StringBuilder ranges = new StringBuilder();
    int from = -1;
    for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT + 1; codePoint++) {
      boolean in =
          codePoint <= Character.MAX_CODE_POINT
              && (Character.getType(codePoint) == Character.UNASSIGNED) == unassigned;
      if (in && from < 0) {
        from = codePoint;
      } else if (!in && from >= 0) {
        ranges.append(String.format("\\x{%x}-\\x{%x}", from, codePoint - 1));
        from = -1;
      }
    }
    return ranges.toString();
  }
}
