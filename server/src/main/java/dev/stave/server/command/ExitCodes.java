package dev.stave.server.command;

/** How a command ends, and the lines of its help that say so. */
final class ExitCodes {

  static final int DONE = 0;
  static final int FAILED = 1;
  static final int WRONGLY_ASKED = 2;

  /** Of what looks for damage, 1 says that there is some; then this is for what failed, too. */
  static final int DAMAGED = 1;

  static final int UNKNOWN = 2;

  static final String HEADING = "%nExit codes:%n";
  static final String DONE_LINE = "0:It is done.";
  static final String FAILED_LINE = "1:It failed; one line on stderr says why.";
  static final String ASKED_LINE = "2:The arguments are wrong.";

  private ExitCodes() {}
}
