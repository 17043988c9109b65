/** What every part of Stave shares: the root of its exceptions. Begin with {@code Database}. */
@NullMarked
package dev.stave;

import org.jspecify.annotations.NullMarked;
