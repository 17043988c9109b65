package dev.stave.fieldnotes.screens;

import android.app.Activity;
import android.text.InputType;
import android.view.LayoutInflater;
import android.view.View;
import android.view.ViewGroup;
import android.widget.Button;
import android.widget.EditText;
import android.widget.LinearLayout;
import android.widget.RadioButton;
import android.widget.RadioGroup;
import android.widget.TextView;
import dev.stave.fieldnotes.R;
import dev.stave.fieldnotes.data.Condition;

/** Fills a column with cards, texts, fields and buttons of the app's styles. */
final class Cards {

  private static final int SPACE_DP = 8;

  private final LayoutInflater inflater;
  private final ViewGroup column;

  private Cards(LayoutInflater inflater, ViewGroup column) {
    this.inflater = inflater;
    this.column = column;
  }

  /** Those of {@code R.layout.screen_cards}, emptied. */
  static Cards of(Activity screen) {
    ViewGroup column = screen.findViewById(R.id.cards);
    column.removeAllViews();
    return new Cards(screen.getLayoutInflater(), column);
  }

  /** Those of an empty column. */
  static Cards in(LayoutInflater inflater, ViewGroup column) {
    return new Cards(inflater, column);
  }

  private <V extends View> V add(int layout) {
    @SuppressWarnings("unchecked")
    V view = (V) inflater.inflate(layout, column, false);
    column.addView(view);
    return view;
  }

  /** A card at the end of the column. */
  Cards card() {
    LinearLayout card = add(R.layout.card);
    return new Cards(inflater, card);
  }

  ViewGroup view() {
    return column;
  }

  TextView text(CharSequence text) {
    return text(R.layout.text_text, text);
  }

  TextView strong(CharSequence text) {
    return text(R.layout.text_strong, text);
  }

  TextView soft(CharSequence text) {
    return text(R.layout.text_soft, text);
  }

  TextView title(CharSequence text) {
    return text(R.layout.text_title, text);
  }

  TextView heading(int text) {
    return text(R.layout.text_heading, column.getContext().getText(text));
  }

  private TextView text(int layout, CharSequence text) {
    TextView view = add(layout);
    view.setText(text);
    return view;
  }

  /** A label and a value; nothing if there is no value. */
  void fact(int label, String value) {
    if (!value.isEmpty()) {
      soft(column.getContext().getText(label));
      space(text(value));
    }
  }

  /** Room below a text, before what is another matter. */
  void space(TextView below) {
    int room = (int) (SPACE_DP * column.getResources().getDisplayMetrics().density);
    below.setPadding(0, 0, 0, room);
  }

  Button action(int id, int text, Runnable work) {
    return button(R.layout.action, id, text, work);
  }

  Button quiet(int id, int text, Runnable work) {
    return button(R.layout.action_quiet, id, text, work);
  }

  private Button button(int layout, int id, int text, Runnable work) {
    Button button = add(layout);
    button.setId(id);
    button.setText(text);
    button.setOnClickListener(view -> work.run());
    return button;
  }

  /** A field under its label. Its id lets it keep its text when the screen is made anew. */
  EditText field(int id, int label, int inputType) {
    TextView name = soft(column.getContext().getText(label));
    name.setLabelFor(id);
    EditText field = add(R.layout.field);
    field.setId(id);
    field.setInputType(inputType);
    if ((inputType & InputType.TYPE_TEXT_FLAG_MULTI_LINE) != 0) {
      field.setMinLines(2);
    }
    return field;
  }

  /** As {@link #field}, of something that is picked and not typed. */
  Button picked(int id, int label, Runnable pick) {
    TextView name = soft(column.getContext().getText(label));
    name.setLabelFor(id);
    Button button = add(R.layout.field_picked);
    button.setId(id);
    button.setOnClickListener(view -> pick.run());
    return button;
  }

  RadioGroup choices() {
    RadioGroup group = new RadioGroup(column.getContext());
    column.addView(group);
    return group;
  }

  static RadioButton choice(RadioGroup group, CharSequence text) {
    RadioButton choice =
        (RadioButton)
            LayoutInflater.from(group.getContext()).inflate(R.layout.choice, group, false);
    choice.setId(View.generateViewId());
    choice.setText(text);
    group.addView(choice);
    return choice;
  }

  /** Lets somebody use all that is on the screen's cards, or nothing of it. */
  static void enable(Activity screen, boolean is) {
    enable(screen.findViewById(R.id.cards), is);
  }

  private static void enable(View view, boolean is) {
    view.setEnabled(is);
    if (view instanceof ViewGroup group) {
      for (int i = 0; i < group.getChildCount(); i++) {
        enable(group.getChildAt(i), is);
      }
    }
  }

  /** Good, keep an eye on, urgent. */
  RadioGroup conditions(int id, Condition chosen) {
    RadioGroup group = choices();
    group.setId(id);
    choice(group, column.getContext().getText(R.string.good)).setId(R.id.condition_good);
    choice(group, column.getContext().getText(R.string.watch)).setId(R.id.condition_watch);
    choice(group, column.getContext().getText(R.string.urgent)).setId(R.id.condition_urgent);
    check(group, chosen);
    return group;
  }

  static void check(RadioGroup group, Condition chosen) {
    if (chosen == Condition.OPEN) {
      group.clearCheck();
    } else {
      group.check(
          chosen == Condition.GOOD
              ? R.id.condition_good
              : chosen == Condition.WATCH ? R.id.condition_watch : R.id.condition_urgent);
    }
  }

  static Condition checked(RadioGroup group) {
    int id = group.getCheckedRadioButtonId();
    if (id == R.id.condition_good) {
      return Condition.GOOD;
    }
    if (id == R.id.condition_watch) {
      return Condition.WATCH;
    }
    return id == R.id.condition_urgent ? Condition.URGENT : Condition.OPEN;
  }
}
