package dev.stave.revision;

import dev.stave.bytes.ByteReader;
import dev.stave.bytes.ByteWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * A tree as bytes, branch by branch, in winner order:
 *
 * <pre>
 * tree     = varint(branches) branch* [varint(pinned) pinned*]
 *          | 0 varint(lowest) varint(highest) tree           that stands on a trunk
 * branch   = varint(generation of the newest) varint(revisions) revision* parent
 * revision = flags digest [varint(sequence) [varint(sequence - since)]]
 *                                                newest first, one generation below the one before
 * pinned   = varint(generation) revision varint(pin)
 * flags    = bit 0: deleted, bit 1: has a sequence, bit 2: digest is text, bit 3: since differs
 * digest   = 16 bytes, which are 32 hex digits | varint(length) text
 * parent   = varint(0: none | 1 + the place of the parent among all revisions written so far)
 *            on a trunk, its place is their number, and the parent's revision follows
 * chunk    = varint(generation of the newest) varint(revisions) revision* varint(0 | 1 revision)
 * </pre>
 *
 * A trunk is one chain, a revision of each generation from the lowest to the highest, without
 * bodies. What is there is in chunks of {@value Trunk#CHUNK} generations apart from the tree, and
 * is not written again; below the lowest generation there may be some that count no more.
 */
public final class RevisionTreeCodec {

  private static final int DELETED = 1;
  private static final int HAS_BODY = 2;
  private static final int TEXT_DIGEST = 4;
  private static final int BODY_MOVED = 8;
  private static final int HEX_DIGITS = 32;
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  /** So many of the newest generations never go to the trunk: an edit may need them. */
  private static final int YOUNG = 8;

  /** A winner's branch of more chunks that does not stand on the top of the trunk gets one anew. */
  private static final int MAX_CHUNKS_BESIDE_TRUNK = 8;

  private RevisionTreeCodec() {}

  /**
   * The chunks of a trunk, by number.
   *
   * @param end the number after the last one
   */
  public record ChunkRange(int first, int end) {
    public static final ChunkRange NONE = new ChunkRange(0, 0);

    public boolean has(int number) {
      return number >= first && number < end;
    }
  }

  /**
   * What there is to be written of a tree.
   *
   * @param newChunks by number; of the other {@code chunks} nothing changes
   */
  public record Encoded(byte[] tree, ChunkRange chunks, Map<Integer, byte[]> newChunks) {}

  /** The chunks that the tree was read with, less those that it has pruned. */
  public static ChunkRange chunks(RevisionTree tree) {
    Trunk trunk = tree.trunk();
    return trunk == null ? ChunkRange.NONE : range(trunk.lowest(), trunk.highest(), trunk.chunk());
  }

  private static ChunkRange range(int lowest, int highest, int chunk) {
    return lowest > highest ? ChunkRange.NONE : new ChunkRange(lowest / chunk, highest / chunk + 1);
  }

  /** Moves to the trunk what is old enough, and writes that and what is left. */
  public static Encoded encode(RevisionTree tree) {
    return encode(tree, Trunk.CHUNK, YOUNG);
  }

  static Encoded encode(RevisionTree tree, int chunk, int young) {
    if (tree.leafNodes().isEmpty()) {
      return new Encoded(new ByteWriter(1).varint(0).toBytes(), ChunkRange.NONE, Map.of());
    }
    Trunk trunk = tree.trunk();
    List<Node> main = RevisionTree.young(tree.leafNodes().get(0)); // the winner's branch
    Node lowest = main.get(main.size() - 1);
    int top = trunk == null ? lowest.generation() - 1 : trunk.highest();
    boolean isOnTop = lowest.trunk() == trunk && lowest.generation() - 1 == top;
    if (!isOnTop && main.size() > MAX_CHUNKS_BESIDE_TRUNK * chunk) {
      return encode(tree.loaded(), chunk, young);
    }
    List<Node> old = isOnTop ? old(main, chunk, young) : List.of();
    int from = trunk == null ? lowest.generation() : trunk.lowest();
    int to = old.isEmpty() ? top : old.get(0).generation();
    ByteWriter out = new ByteWriter(64);
    if (from <= to) {
      out.varint(0).varint(from).varint(to);
    }
    Set<RevisionId> moved = new HashSet<>();
    old.forEach(node -> moved.add(node.revision().id()));
    writeBranches(tree, moved, out);
    return new Encoded(out.toBytes(), range(from, to, chunk), chunks(old, chunk));
  }

  /** What of a branch is to go to the trunk: whole chunks, the newest revision first. */
  private static List<Node> old(List<Node> newestFirst, int chunk, int young) {
    int size = newestFirst.size();
    int first = size;
    while (first > young && !newestFirst.get(first - 1).revision().hasBody()) {
      first--;
    }
    while (first < size && (newestFirst.get(first).generation() + 1) % chunk != 0) {
      first++;
    }
    return newestFirst.subList(first, size);
  }

  private static Map<Integer, byte[]> chunks(List<Node> newestFirst, int chunk) {
    Map<Integer, byte[]> chunks = new HashMap<>();
    for (int i = 0; i < newestFirst.size(); i += chunk) {
      int end = Math.min(i + chunk, newestFirst.size());
      ByteWriter out = new ByteWriter(18 * chunk);
      out.varint(newestFirst.get(i).generation()).varint(end - i);
      newestFirst.subList(i, end).forEach(node -> write(node.revision(), out));
      RevisionId parent = newestFirst.get(end - 1).revision().parent();
      out.varint(parent == null ? 0 : 1);
      if (parent != null) {
        write(parent, out);
      }
      chunks.put(newestFirst.get(i).generation() / chunk, out.toBytes());
    }
    return chunks;
  }

  private static void writeBranches(RevisionTree tree, Set<RevisionId> moved, ByteWriter out) {
    List<Node> leaves = tree.leafNodes();
    // Only where branches part does a place matter, and with one leaf they do not.
    Map<RevisionId, Integer> places = leaves.size() > 1 ? new HashMap<>() : Map.of();
    int written = 0;
    out.varint(leaves.size());
    for (Node leaf : leaves) {
      List<Revision> branch = new ArrayList<>();
      Node at = leaf;
      while (at != null
          && !places.containsKey(at.revision().id())
          && !moved.contains(at.revision().id())) {
        branch.add(at.revision());
        at = at.youngParent();
      }
      out.varint(leaf.generation()).varint(branch.size());
      for (Revision revision : branch) {
        write(revision, out);
        if (leaves.size() > 1) {
          places.put(revision.id(), places.size());
        }
      }
      written += branch.size();
      RevisionId parent = branch.get(branch.size() - 1).parent();
      Integer place = parent == null ? null : places.get(parent);
      if (parent == null || place != null) {
        out.varint(place == null ? 0 : 1 + place);
      } else {
        write(parent, out.varint(1 + written));
      }
    }
    if (!tree.pinned().isEmpty()) {
      out.varint(tree.pinned().size());
      for (PinnedRevision pinned : tree.pinned()) {
        out.varint(pinned.revision().id().generation());
        write(pinned.revision(), out);
        out.varint(pinned.pin());
      }
    }
  }

  private static void write(RevisionId id, ByteWriter out) {
    write(new Revision(id, null, false, Revision.NO_BODY), out);
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
        out.u8(value(digest.charAt(i)) << 4 | value(digest.charAt(i + 1)));
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
    boolean hex = digest.length() == HEX_DIGITS;
    for (int i = 0; hex && i < HEX_DIGITS; i++) {
      hex = value(digest.charAt(i)) >= 0;
    }
    return hex;
  }

  /** Of a hex digit; negative if it is none. */
  private static int value(char digit) {
    if (digit >= '0' && digit <= '9') {
      return digit - '0';
    }
    return digit >= 'a' && digit <= 'f' ? 10 + digit - 'a' : -1;
  }

  /** Reads a tree that stands on no trunk. */
  public static RevisionTree decode(byte[] bytes) {
    return decode(
        bytes,
        number -> {
          throw new IllegalStateException("the history has no chunk " + number);
        });
  }

  /**
   * Reads a tree.
   *
   * @param chunks reads a chunk of its trunk, whenever somebody walks there, from any thread
   */
  public static RevisionTree decode(byte[] bytes, IntFunction<byte[]> chunks) {
    return decode(bytes, Trunk.CHUNK, chunks);
  }

  static RevisionTree decode(byte[] bytes, int chunk, IntFunction<byte[]> chunks) {
    ByteReader in = new ByteReader(bytes);
    Trunk trunk = null;
    int branches = in.length();
    if (branches == 0 && !in.atEnd()) {
      int lowest = (int) in.varint();
      int highest = (int) in.varint();
      trunk = new Trunk(chunk, lowest, highest, number -> chunk(chunks.apply(number)));
      branches = in.length();
    }
    List<Node> all = new ArrayList<>();
    List<Node> leaves = new ArrayList<>();
    for (; branches > 0; branches--) {
      List<Revision> branch = revisions(in);
      int parent = (int) in.varint() - 1;
      Node oldest;
      int last = branch.size() - 1;
      Revision revision = branch.get(last);
      if (parent == all.size() + branch.size() && trunk != null) {
        RevisionId id = read(in, revision.id().generation() - 1).id();
        oldest = new Node(revision.withParent(id), trunk);
      } else {
        Node below = parent < 0 ? null : all.get(parent);
        oldest = new Node(revision.withParent(below == null ? null : below.revision().id()), below);
      }
      int first = all.size();
      all.addAll(linked(branch, oldest));
      leaves.add(all.get(first));
    }
    List<PinnedRevision> pinned = new ArrayList<>();
    for (int count = in.atEnd() ? 0 : in.length(); count > 0; count--) {
      int generation = (int) in.varint();
      pinned.add(new PinnedRevision(read(in, generation), in.varint()));
    }
    return RevisionTree.ofLeaves(leaves, trunk).withPinned(pinned);
  }

  private static List<Revision> chunk(byte[] bytes) {
    ByteReader in = new ByteReader(bytes);
    List<Revision> newestFirst = revisions(in);
    Revision oldest = newestFirst.get(newestFirst.size() - 1);
    RevisionId parent = in.varint() == 0 ? null : read(in, oldest.id().generation() - 1).id();
    for (int i = newestFirst.size() - 1; i >= 0; i--) {
      newestFirst.set(i, newestFirst.get(i).withParent(parent));
      parent = newestFirst.get(i).id();
    }
    return newestFirst;
  }

  private static List<Revision> revisions(ByteReader in) {
    int generation = (int) in.varint();
    int count = in.length();
    List<Revision> newestFirst = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      newestFirst.add(read(in, generation - i));
    }
    return newestFirst;
  }

  /** A node for each of {@code newestFirst}, in the same order; the last one is there. */
  private static List<Node> linked(List<Revision> newestFirst, Node last) {
    Node[] nodes = new Node[newestFirst.size()];
    nodes[nodes.length - 1] = last;
    for (int i = nodes.length - 2; i >= 0; i--) {
      Node parent = nodes[i + 1];
      nodes[i] = new Node(newestFirst.get(i).withParent(parent.revision().id()), parent);
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
    byte[] text = new byte[HEX_DIGITS]; // for each revision of each tree that is read
    for (int i = 0; i < bytes.length; i++) {
      text[2 * i] = HEX[bytes[i] >> 4 & 0xf];
      text[2 * i + 1] = HEX[bytes[i] & 0xf];
    }
    return new String(text, StandardCharsets.ISO_8859_1);
  }
}
