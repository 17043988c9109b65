package dev.stave.revision;

import dev.stave.bytes.ByteReader;
import dev.stave.bytes.ByteWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A tree as bytes, branch by branch, in winner order:
 *
 * <pre>
 * tree     = varint(branches) branch*
 * branch   = varint(generation of the newest) varint(revisions) revision* varint(parent)
 * revision = flags digest [varint(sequence)]     newest first, one generation below the one before
 * flags    = bit 0: deleted, bit 1: has a sequence, bit 2: digest is text
 * digest   = 16 bytes, which are 32 hex digits | varint(length) text
 * parent   = 0: none | 1 + the place of the parent among all revisions written so far
 * </pre>
 */
public final class RevisionTreeCodec {

  private static final int DELETED = 1;
  private static final int HAS_BODY = 2;
  private static final int TEXT_DIGEST = 4;
  private static final int HEX_DIGITS = 32;

  private RevisionTreeCodec() {}

  public static byte[] encode(RevisionTree tree) {
    ByteWriter out = new ByteWriter(32 * tree.revisions().size() + 8);
    Map<RevisionId, Integer> places = new HashMap<>(); // counted from 1
    out.varint(tree.leaves().size());
    for (Revision leaf : tree.leaves()) {
      List<Revision> branch = new ArrayList<>();
      Revision at = leaf;
      while (at != null && !places.containsKey(at.id())) {
        branch.add(at);
        at = tree.parentOf(at);
      }
      out.varint(leaf.id().generation()).varint(branch.size());
      for (Revision revision : branch) {
        places.put(revision.id(), places.size() + 1);
        write(revision, out);
      }
      out.varint(at == null ? 0 : places.getOrDefault(at.id(), 0));
    }
    return out.toBytes();
  }

  private static void write(Revision revision, ByteWriter out) {
    String digest = revision.id().digest();
    boolean hex = isHex(digest);
    out.u8(
        (revision.deleted() ? DELETED : 0)
            | (revision.hasBody() ? HAS_BODY : 0)
            | (hex ? 0 : TEXT_DIGEST));
    if (hex) {
      for (int i = 0; i < HEX_DIGITS; i += 2) {
        out.u8(
            Character.digit(digest.charAt(i), 16) << 4 | Character.digit(digest.charAt(i + 1), 16));
      }
    } else {
      out.text(digest);
    }
    if (revision.hasBody()) {
      out.varint(revision.sequence());
    }
  }

  private static boolean isHex(String digest) {
    return digest.length() == HEX_DIGITS
        && digest.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f');
  }

  public static RevisionTree decode(byte[] bytes) {
    ByteReader in = new ByteReader(bytes);
    List<Revision> all = new ArrayList<>();
    int branches = in.length();
    for (int b = 0; b < branches; b++) {
      int generation = (int) in.varint();
      int count = in.length();
      List<Revision> branch = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        branch.add(read(in, generation - i));
      }
      int parentPlace = (int) in.varint();
      RevisionId parent = parentPlace == 0 ? null : all.get(parentPlace - 1).id();
      for (int i = 0; i < count; i++) {
        Revision revision = branch.get(i);
        all.add(withParent(revision, i + 1 < count ? branch.get(i + 1).id() : parent));
      }
    }
    return RevisionTree.of(all);
  }

  private static Revision read(ByteReader in, int generation) {
    int flags = in.u8();
    String digest = (flags & TEXT_DIGEST) != 0 ? in.text() : hex(in.raw(HEX_DIGITS / 2));
    long sequence = (flags & HAS_BODY) != 0 ? in.varint() : Revision.NO_BODY;
    return new Revision(new RevisionId(generation, digest), null, (flags & DELETED) != 0, sequence);
  }

  private static String hex(byte[] bytes) {
    StringBuilder text = new StringBuilder(HEX_DIGITS);
    for (byte b : bytes) {
      text.append(Character.forDigit(b >> 4 & 0xf, 16)).append(Character.forDigit(b & 0xf, 16));
    }
    return text.toString();
  }

  private static Revision withParent(Revision revision, @Nullable RevisionId parent) {
    return new Revision(revision.id(), parent, revision.deleted(), revision.sequence());
  }
}
