/**
 * Bytes: writing and reading them, their order, their checksum. Not API.
 *
 * <p>Doors: {@link dev.stave.bytes.ByteWriter}, {@link dev.stave.bytes.ByteReader}, {@link
 * dev.stave.bytes.Bytes}, {@link dev.stave.bytes.Crc32c}.
 */
@NullMarked
package dev.stave.bytes;

import org.jspecify.annotations.NullMarked;
