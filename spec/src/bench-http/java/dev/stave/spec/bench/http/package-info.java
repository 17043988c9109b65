/** Whole servers under load: see {@code benchmarks/http.md}. */
@NullMarked
package dev.stave.spec.bench.http;

import org.jspecify.annotations.NullMarked;
