package dev.stave.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** What a filter asks of a node. */
sealed interface Condition {

  boolean holds(Node current, Evaluation run);

  /** {@code ||} */
  record Or(List<Condition> parts) implements Condition {
    @Override
    public boolean holds(Node current, Evaluation run) {
      for (Condition part : parts) {
        if (part.holds(current, run)) {
          return true;
        }
      }
      return false;
    }
  }

  /** {@code &&} */
  record And(List<Condition> parts) implements Condition {
    @Override
    public boolean holds(Node current, Evaluation run) {
      for (Condition part : parts) {
        if (!part.holds(current, run)) {
          return false;
        }
      }
      return true;
    }
  }

  /** {@code !} */
  record Not(Condition part) implements Condition {
    @Override
    public boolean holds(Node current, Evaluation run) {
      return !part.holds(current, run);
    }
  }

  /** A query alone: it finds something. */
  record Exists(Operand.Query query) implements Condition {
    @Override
    public boolean holds(Node current, Evaluation run) {
      return !query.nodes(current, run).isEmpty();
    }
  }

  /**
   * Two values compared by {@code ==}, {@code !=}, {@code <}, {@code <=}, {@code >}, {@code >=}.
   */
  record Compare(Operand left, String operator, Operand right) implements Condition {
    @Override
    public boolean holds(Node current, Evaluation run) {
      JsonNode l = left.value(current, run);
      JsonNode r = right.value(current, run);
      return switch (operator) {
        case "==" -> run.areEqual(l, r);
        case "!=" -> !run.areEqual(l, r);
        case "<" -> run.isLess(l, r);
        case ">" -> run.isLess(r, l);
        case "<=" -> run.isLess(l, r) || run.areEqual(l, r);
        case ">=" -> run.isLess(r, l) || run.areEqual(l, r);
        default -> throw new IllegalStateException(operator);
      };
    }
  }

  /** {@code match} of all of a text, {@code search} anywhere in it; of anything else false. */
  record Match(Operand text, Operand pattern, boolean anywhere) implements Condition {
    @Override
    public boolean holds(Node current, Evaluation run) {
      JsonNode subject = text.value(current, run);
      JsonNode regexp = pattern.value(current, run);
      return subject != null
          && regexp != null
          && subject.isTextual()
          && regexp.isTextual()
          && run.matches(subject.textValue(), regexp.textValue(), anywhere);
    }
  }
}
