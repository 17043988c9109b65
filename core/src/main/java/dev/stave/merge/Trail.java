package dev.stave.merge;

import dev.stave.json.JsonPointer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** The way down to a place; a pointer is made of it only where one is asked for. */
record Trail(@Nullable Trail above, String token) {

  static final Trail ROOT = new Trail(null, "");

  Trail below(String name) {
    return new Trail(this, name);
  }

  Trail below(int index) {
    return new Trail(this, Integer.toString(index));
  }

  JsonPointer pointer() {
    Deque<String> tokens = new ArrayDeque<>();
    Trail at = this;
    while (at.above != null) {
      tokens.addFirst(at.token);
      at = at.above;
    }
    return new JsonPointer(new ArrayList<>(tokens));
  }
}
