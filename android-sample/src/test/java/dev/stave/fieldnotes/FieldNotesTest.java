package dev.stave.fieldnotes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.database.Database;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FieldNotesTest {

  private static final Visit FIRST = new Visit("Bridge 7", "2026-11-02", "Ada", "rust at pier 2");
  private static final Visit SECOND = new Visit("Bridge 7", "2026-11-20", "Ada", "painted");

  private final Database here = Database.inMemory();
  private final Database there = Database.inMemory();
  private final FieldNotes mine = new FieldNotes(here);
  private final FieldNotes yours = new FieldNotes(there);

  @AfterEach
  void close() {
    here.close();
    there.close();
  }

  @Test
  void visitsTo_site_areNewestFirst() {
    mine.add(FIRST);
    mine.add(SECOND);
    mine.add(new Visit("Bridge 8", "2026-11-21", "Ada", "fine"));

    assertThat(mine.visitsTo("Bridge 7")).containsExactly(SECOND, FIRST);
  }

  @Test
  void exchangeWith_bothCorrectedTheSameVisit_keepsBothOnBothDevices() {
    String id = mine.add(FIRST);
    mine.exchangeWith(yours);
    Visit mineNow = new Visit("Bridge 7", "2026-11-02", "Ada", "rust at piers 2 and 3");
    Visit yoursNow = new Visit("Bridge 7", "2026-11-02", "Bob", "rust at pier 2, photo taken");
    mine.correct(id, mineNow);
    yours.correct(id, yoursNow);

    mine.exchangeWith(yours);

    assertThat(mine.visit(id)).isEqualTo(yours.visit(id));
    assertThat(mine.others(id)).hasSize(1).isEqualTo(yours.others(id));
    assertThat(mine.others(id).get(0)).isNotEqualTo(mine.visit(id).orElseThrow());
  }
}
