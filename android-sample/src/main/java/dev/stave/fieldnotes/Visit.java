package dev.stave.fieldnotes;

/**
 * One visit to a site, as the inspector noted it.
 *
 * @param date ISO 8601, such as {@code 2026-11-20}
 */
public record Visit(String site, String date, String inspector, String finding) {}
