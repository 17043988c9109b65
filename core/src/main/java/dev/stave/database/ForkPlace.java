package dev.stave.database;

import dev.stave.storage.FileStorage;
import dev.stave.storage.Storage;
import java.util.List;
import java.util.Optional;

/** Where the forks of a database are kept. One thread at a time. */
interface ForkPlace {

  /** Of all forks, in order. */
  List<String> names();

  boolean has(String name);

  /** What was noted when the fork was made; empty if there is none. */
  Optional<String> note(String name);

  /** What was noted when the database itself was made; empty if it is no fork. */
  Optional<String> ownNote();

  /** Makes one, of a name that none has, and opens it. */
  Storage make(String name, FileStorage.Beginning beginning);

  /** Opens one that is there. */
  Storage open(String name);

  /** The place of the forks of one that is there. */
  ForkPlace below(String name);

  /** Where the forks of a fork are that was opened here. */
  ForkPlace placeOf(String name, Storage opened);

  /** Deletes one that is there, and those below it. Nobody may have any open. */
  void drop(String name);
}
