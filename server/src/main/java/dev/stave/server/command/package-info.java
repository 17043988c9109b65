/**
 * The command line. Door: {@link dev.stave.server.command.StaveCommand}.
 *
 * <p>Exit codes: 0 it is done, 1 it failed, 2 it was asked for in the wrong way. Results go to the
 * standard output, all else to the standard error output, an error in one line.
 */
@NullMarked
package dev.stave.server.command;

import org.jspecify.annotations.NullMarked;
