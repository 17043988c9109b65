/** Data to play with: {@link dev.stave.server.sample.SampleData}. */
@NullMarked
package dev.stave.server.sample;

import org.jspecify.annotations.NullMarked;
