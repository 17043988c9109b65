/**
 * Stave's storage beside RocksDB's JNI, each in processes of its own, by CPU second and by the
 * clock. How to run and to read it: {@code spec/benchmarks/README.md}.
 *
 * <p>Reading order: {@code Race} (starts the children), {@code Child} (runs one {@code Workload} on
 * one {@code Contender}), {@code Engine} (what both do), {@code BulkLoad} and the other workloads,
 * {@code Report}.
 */
@NullMarked
package dev.stave.spec.bench.storage;

import org.jspecify.annotations.NullMarked;
