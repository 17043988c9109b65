package dev.stave.revision;

import dev.stave.bytes.ByteReader;
import dev.stave.bytes.ByteWriter;
import dev.stave.revision.RevisionTree.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A tree as bytes, branch by branch, in winner order:
 *
 * <pre>
 * tree     = varint(branches) branch* [varint(pinned) pinned*]
 * branch   = varint(generation of the newest) varint(revisions) revision* varint(parent)
 * revision = flags digest [varint(sequence) [varint(sequence - since)]]
 *                                                newest first, one generation below the one before
 * pinned   = varint(generation) revision varint(pin)
 * flags    = bit 0: deleted, bit 1: has a sequence, bit 2: digest is text, bit 3: since differs
 * digest   = 16 bytes, which are 32 hex digits | varint(length) text
 * parent   = 0: none | 1 + the place of the parent among all revisions written so far
 * </pre>
 */
public final class RevisionTreeCodec {

  private static final int DELETED = 1;
  private static final int HAS_BODY = 2;
  private static final int TEXT_DIGEST = 4;
  private static final int BODY_MOVED = 8;
  private static final int HEX_DIGITS = 32;

  private RevisionTreeCodec() {}

  public static byte[] encode(RevisionTree tree) {
    List<Node> leaves = tree.leafNodes();
    ByteWriter out = new ByteWriter(64);
    // Only where branches part does a place matter, and with one leaf they do not.
    Map<RevisionId, Integer> places = leaves.size() > 1 ? new HashMap<>() : Map.of();
    out.varint(leaves.size());
    for (Node leaf : leaves) {
      List<Revision> branch = new ArrayList<>();
      Node at = leaf;
      while (at != null && !places.containsKey(at.revision().id())) {
        branch.add(at.revision());
        at = at.parent();
      }
      out.varint(leaf.revision().id().generation()).varint(branch.size());
      for (Revision revision : branch) {
        write(revision, out);
        if (leaves.size() > 1) {
          places.put(revision.id(), places.size());
        }
      }
      Integer parent = at == null ? null : places.get(at.revision().id());
      out.varint(parent == null ? 0 : 1 + parent);
    }
    if (!tree.pinned().isEmpty()) {
      out.varint(tree.pinned().size());
      for (PinnedRevision pinned : tree.pinned()) {
        out.varint(pinned.revision().id().generation());
        write(pinned.revision(), out);
        out.varint(pinned.pin());
      }
    }
    return out.toBytes();
  }

  private static void write(Revision revision, ByteWriter out) {
    String digest = revision.id().digest();
    boolean hex = isHex(digest);
    boolean moved = revision.hasBody() && revision.since() != revision.sequence();
    out.u8(
        (revision.deleted() ? DELETED : 0)
            | (revision.hasBody() ? HAS_BODY : 0)
            | (hex ? 0 : TEXT_DIGEST)
            | (moved ? BODY_MOVED : 0));
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
    if (moved) {
      out.varint(revision.sequence() - revision.since());
    }
  }

  private static boolean isHex(String digest) {
    for (int i = 0; i < digest.length(); i++) {
      char c = digest.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return digest.length() == HEX_DIGITS;
  }

  public static RevisionTree decode(byte[] bytes) {
    ByteReader in = new ByteReader(bytes);
    List<Node> all = new ArrayList<>();
    List<Node> leaves = new ArrayList<>();
    int branches = in.length();
    for (int b = 0; b < branches; b++) {
      int generation = (int) in.varint();
      int count = in.length();
      List<Revision> branch = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        branch.add(read(in, generation - i));
      }
      int parentPlace = (int) in.varint();
      Node below = parentPlace == 0 ? null : all.get(parentPlace - 1);
      List<Node> nodes = linked(branch, below);
      all.addAll(nodes);
      leaves.add(nodes.get(0));
    }
    List<PinnedRevision> pinned = new ArrayList<>();
    for (int count = in.atEnd() ? 0 : in.length(); count > 0; count--) {
      int generation = (int) in.varint();
      pinned.add(new PinnedRevision(read(in, generation), in.varint()));
    }
    return RevisionTree.ofLeaves(leaves).withPinned(pinned);
  }

  /** A node for each of {@code newestFirst}, in the same order. */
  private static List<Node> linked(List<Revision> newestFirst, @Nullable Node below) {
    Node[] nodes = new Node[newestFirst.size()];
    Node parent = below;
    for (int i = nodes.length - 1; i >= 0; i--) {
      RevisionId parentId = parent == null ? null : parent.revision().id();
      parent = new Node(newestFirst.get(i).withParent(parentId), parent);
      nodes[i] = parent;
    }
    return Arrays.asList(nodes);
  }

  private static Revision read(ByteReader in, int generation) {
    int flags = in.u8();
    String digest = (flags & TEXT_DIGEST) != 0 ? in.text() : hex(in.raw(HEX_DIGITS / 2));
    long sequence = (flags & HAS_BODY) != 0 ? in.varint() : Revision.NO_BODY;
    long since = (flags & BODY_MOVED) != 0 ? sequence - in.varint() : sequence;
    return new Revision(
        new RevisionId(generation, digest), null, (flags & DELETED) != 0, sequence, since);
  }

  private static String hex(byte[] bytes) {
    StringBuilder text = new StringBuilder(HEX_DIGITS);
    for (byte b : bytes) {
      text.append(Character.forDigit(b >> 4 & 0xf, 16)).append(Character.forDigit(b & 0xf, 16));
    }
    return text.toString();
  }
}
