package dev.stave.storage;

import dev.stave.bytes.ByteReader;
import dev.stave.bytes.ByteWriter;
import dev.stave.bytes.Crc32c;

/**
 * What each binary file of a storage begins with.
 *
 * <pre>
 * header = u64(magic: eight letters) u32(version) u64(id) u32(crc of the 20 bytes before)
 * </pre>
 *
 * @param magic what kind of file it is
 * @param version of the format of that kind
 * @param id the file's number; of a log, its random id
 */
record FileHeader(long magic, int version, long id) {

  static final int BYTES = 24;

  byte[] toBytes() {
    ByteWriter header = new ByteWriter(BYTES).u64(magic).u32(version).u64(id);
    return header.u32(Crc32c.of(header.array(), 0, header.size())).toBytes();
  }

  /**
   * The header of {@code file}.
   *
   * @throws CorruptStaveException if it has none of this kind
   * @throws StorageException if it is of another version
   */
  static FileHeader read(MappedFile file, long magic, int version) {
    if (!file.has(0, BYTES)) {
      throw new CorruptStaveException("the file is shorter than its header", file.file(), 0);
    }
    byte[] bytes = file.read(0, BYTES);
    ByteReader in = new ByteReader(bytes);
    FileHeader header = new FileHeader(in.u64(), in.u32(), in.u64());
    if (header.magic != magic) {
      throw new CorruptStaveException("not a file of the kind its name says", file.file(), 0);
    }
    if (in.u32() != Crc32c.of(bytes, 0, BYTES - 4)) {
      throw new CorruptStaveException("checksum of the header does not match", file.file(), 0);
    }
    if (header.version != version) {
      throw new StorageException(
          "written by another version of Stave (format "
              + header.version
              + "), this one reads "
              + version,
          file.file());
    }
    return header;
  }

  /** As {@link #read}, of a file that carries its number. */
  static void check(MappedFile file, long magic, int version, long number) {
    long found = read(file, magic, version).id;
    if (found != number) {
      throw new CorruptStaveException(
          "this is the file of number " + found + " under another name", file.file(), 0);
    }
  }
}
