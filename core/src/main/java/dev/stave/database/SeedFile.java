package dev.stave.database;

/**
 * One file of a {@link Seed}.
 *
 * @param name without a folder
 * @param length in bytes
 */
public record SeedFile(String name, long length) {}
