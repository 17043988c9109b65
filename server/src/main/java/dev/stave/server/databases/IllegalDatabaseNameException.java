package dev.stave.server.databases;

import dev.stave.StaveException;

/** A name that no database may have. */
public final class IllegalDatabaseNameException extends StaveException {

  private static final long serialVersionUID = 1L;

  IllegalDatabaseNameException(String name) {
    super(
        "Name: '"
            + (name.length() <= 80 ? name : name.substring(0, 80) + "…")
            + "'. Only lowercase characters (a-z), digits (0-9), and any of the characters"
            + " _, $, (, ), +, -, and / are allowed. Must begin with a letter. At most "
            + DatabaseName.MAX_LENGTH
            + " characters, of which $ ( ) + / count three times.");
  }
}
