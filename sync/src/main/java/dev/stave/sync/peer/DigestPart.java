package dev.stave.sync.peer;

/** Documents whose ids lie from {@code from} (included) to where the next part begins. */
public record DigestPart(String from, Digest digest) {}
