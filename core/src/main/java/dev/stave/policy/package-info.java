/**
 * What of the documents is indexed, for those who want less than all of it. Door: {@link
 * dev.stave.policy.IndexPolicy}.
 */
@NullMarked
package dev.stave.policy;

import org.jspecify.annotations.NullMarked;
