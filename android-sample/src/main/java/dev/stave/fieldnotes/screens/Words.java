package dev.stave.fieldnotes.screens;

import android.content.res.ColorStateList;
import android.content.res.Resources;
import android.widget.TextView;
import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.fieldnotes.R;
import dev.stave.fieldnotes.data.Condition;
import dev.stave.json.JsonPointer;
import java.util.List;

/** Places and values of a note, as people call them. */
final class Words {

  private static final int CHECK_DEPTH = 2;

  private Words() {}

  static int of(Condition condition) {
    switch (condition) {
      case GOOD:
        return R.string.good;
      case WATCH:
        return R.string.watch;
      case URGENT:
        return R.string.urgent;
      default:
        return R.string.open;
    }
  }

  /** Shows a condition as a pill of its colour. */
  static void show(TextView pill, Condition condition) {
    pill.setText(of(condition));
    int front = R.color.open;
    int back = R.color.open_back;
    if (condition == Condition.GOOD) {
      front = R.color.good;
      back = R.color.good_back;
    } else if (condition == Condition.WATCH) {
      front = R.color.watch;
      back = R.color.watch_back;
    } else if (condition == Condition.URGENT) {
      front = R.color.urgent;
      back = R.color.urgent_back;
    }
    color(pill, front, back);
  }

  static void color(TextView pill, int front, int back) {
    pill.setTextColor(pill.getContext().getColor(front));
    pill.setBackgroundTintList(ColorStateList.valueOf(pill.getContext().getColor(back)));
  }

  /** What the place {@code path} of {@code body} is called. */
  static String label(Resources words, JsonPointer path, JsonNode body) {
    List<String> steps = path.tokens();
    if (steps.isEmpty()) {
      return words.getString(R.string.notes);
    }
    String first = steps.get(0);
    if (first.equals("checks") && steps.size() >= CHECK_DEPTH) {
      JsonNode check = body.path(first).path(number(steps.get(1)));
      return words.getString(R.string.checklist_of, check.path("text").asText(steps.get(1)));
    }
    int name = name(first);
    return name == 0 ? first : words.getString(name);
  }

  private static int number(String step) {
    try {
      return Integer.parseInt(step);
    } catch (NumberFormatException e) {
      return -1; // of a list known by its keys
    }
  }

  private static int name(String member) {
    switch (member) {
      case "name":
        return R.string.name;
      case "kind":
        return R.string.kind;
      case "place":
        return R.string.place;
      case "region":
        return R.string.region;
      case "contact":
        return R.string.contact;
      case "condition":
        return R.string.condition;
      case "notes":
        return R.string.notes;
      case "date":
        return R.string.date;
      case "inspector":
        return R.string.inspector;
      case "finding":
        return R.string.finding;
      case "checks":
        return R.string.checklist;
      default:
        return 0;
    }
  }

  /** A value of the place {@code path}, as it is shown. */
  static String value(Resources words, JsonPointer path, JsonNode value) {
    List<String> steps = path.tokens();
    String last = steps.isEmpty() ? "" : steps.get(steps.size() - 1);
    if (value.isMissingNode() || value.isTextual() && value.textValue().isEmpty()) {
      return words.getString(R.string.nothing);
    }
    if (last.equals("condition") || last.equals("state")) {
      return words.getString(of(Condition.of(value.asText())));
    }
    if (last.equals("date")) {
      return Dates.words(words, value.asText());
    }
    if (value.isObject() && value.has("text")) {
      return words.getString(of(Condition.of(value.path("state").asText())));
    }
    if (value.isArray()) {
      StringBuilder lines = new StringBuilder();
      for (JsonNode each : value) {
        lines.append(lines.length() == 0 ? "" : ", ").append(each.path("text").asText());
      }
      return lines.toString();
    }
    return value.asText();
  }

  /**
   * Why somebody does not take a note, without what is for programs: {@code forbidden: no secret
   * places} is {@code no secret places}.
   */
  static String reason(String told) {
    for (String kind : List.of("forbidden", "unauthorized", "invalid")) {
      if (told.startsWith(kind + ": ")) {
        return told.substring(kind.length() + 2);
      }
    }
    return told;
  }
}
