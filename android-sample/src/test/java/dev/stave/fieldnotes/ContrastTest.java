package dev.stave.fieldnotes;

import static org.assertj.core.api.Assertions.assertThat;

import android.content.Context;
import android.graphics.Color;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.annotation.Config;

/** Text can be read on what is behind it: 4.5 to 1, as WCAG's level AA has it. */
@RunWith(RobolectricTestRunner.class)
@Config(sdk = 34)
public class ContrastTest {

  private static final double LEAST = 4.5;

  private static final int[][] PAIRS = {
    {R.color.text, R.color.background},
    {R.color.text, R.color.card},
    {R.color.text_soft, R.color.background},
    {R.color.text_soft, R.color.card},
    {R.color.accent, R.color.background},
    {R.color.accent, R.color.card},
    {R.color.on_brand, R.color.brand},
    {R.color.on_action, R.color.accent},
    {R.color.good, R.color.good_back},
    {R.color.watch, R.color.watch_back},
    {R.color.urgent, R.color.urgent_back},
    {R.color.open, R.color.open_back}
  };

  @Test
  @Config(qualifiers = "notnight")
  public void colors_light_haveContrast() {
    check();
  }

  @Test
  @Config(qualifiers = "night")
  public void colors_dark_haveContrast() {
    check();
  }

  private static void check() {
    Context context = RuntimeEnvironment.getApplication();
    for (int[] pair : PAIRS) {
      double front = Color.luminance(context.getColor(pair[0]));
      double back = Color.luminance(context.getColor(pair[1]));
      double contrast = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
      assertThat(contrast)
          .as(context.getResources().getResourceEntryName(pair[0]))
          .isGreaterThanOrEqualTo(LEAST);
    }
  }
}
