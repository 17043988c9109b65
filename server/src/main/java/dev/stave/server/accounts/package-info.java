/**
 * Who may do what. The doors are {@link dev.stave.server.accounts.Accounts}, which finds out who
 * asks, and {@link dev.stave.server.accounts.Security}, who is let into a database; the {@link
 * dev.stave.server.accounts.Settings} of a server are where its administrators and secrets are
 * kept.
 */
@NullMarked
package dev.stave.server.accounts;

import org.jspecify.annotations.NullMarked;
