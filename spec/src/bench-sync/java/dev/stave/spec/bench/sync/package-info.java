/** Replication between whole processes: see {@code benchmarks/sync.md}. */
@NullMarked
package dev.stave.spec.bench.sync;

import org.jspecify.annotations.NullMarked;
