package dev.stave.fieldnotes.screens;

import android.graphics.Bitmap;
import android.view.View;
import android.widget.HorizontalScrollView;
import android.widget.ImageButton;
import android.widget.ImageView;
import android.widget.LinearLayout;
import dev.stave.document.Attachment;
import dev.stave.document.Document;
import dev.stave.fieldnotes.R;
import dev.stave.fieldnotes.data.FieldNotes;
import dev.stave.fieldnotes.photos.Pictures;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The photos of a visit side by side, small. Each opens large. */
final class PhotoStrip {

  private static final int SIDE_DP = 112;

  private final NotesActivity screen;
  private final LinearLayout photos;
  private final int side;

  PhotoStrip(NotesActivity screen, Cards cards) {
    this.screen = screen;
    this.side = (int) (SIDE_DP * screen.getResources().getDisplayMetrics().density);
    HorizontalScrollView strip = new HorizontalScrollView(screen);
    photos = new LinearLayout(screen);
    photos.setId(R.id.photos);
    strip.addView(photos);
    cards.view().addView(strip);
  }

  /** Reads the photos of {@code visit} and shows them. */
  void show(String visit) {
    Pictures pictures = screen.app().pictures();
    screen.app().ask(screen, notes -> find(notes, pictures, visit), found -> show(visit, found));
  }

  /** By name. */
  private Map<String, Bitmap> find(FieldNotes notes, Pictures pictures, String visit) {
    Map<String, Bitmap> found = new LinkedHashMap<>();
    Optional<Document> document = notes.document(visit);
    if (document.isPresent()) {
      for (Map.Entry<String, Attachment> each : document.get().attachments().entrySet()) {
        pictures
            .thumbnail(notes, each.getValue(), side)
            .ifPresent(bitmap -> found.put(each.getKey(), bitmap));
      }
    }
    return found;
  }

  /** A photo of a name is never another: one that is shown already is left alone. */
  private void show(String visit, Map<String, Bitmap> found) {
    for (int i = photos.getChildCount() - 1; i >= 0; i--) {
      if (!found.containsKey(String.valueOf(photos.getChildAt(i).getTag()))) {
        photos.removeViewAt(i);
      }
    }
    int number = 0;
    for (Map.Entry<String, Bitmap> each : found.entrySet()) {
      View view = photos.findViewWithTag(each.getKey());
      if (view == null) {
        view = photo(visit, each.getKey(), each.getValue());
        photos.addView(view, number);
      }
      number++;
      view.setContentDescription(screen.getString(R.string.photo, number));
    }
  }

  private View photo(String visit, String name, Bitmap picture) {
    ImageButton view = new ImageButton(screen);
    view.setTag(name);
    view.setImageBitmap(picture);
    view.setScaleType(ImageView.ScaleType.CENTER_CROP);
    view.setPadding(0, 0, 0, 0);
    view.setOnClickListener(clicked -> screen.startActivity(PhotoActivity.of(screen, visit, name)));
    LinearLayout.LayoutParams place = new LinearLayout.LayoutParams(side, side);
    place.setMarginEnd(side / 12);
    place.bottomMargin = side / 12;
    view.setLayoutParams(place);
    return view;
  }
}
