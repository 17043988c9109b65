package dev.stave.revision;

import org.jspecify.annotations.Nullable;

/** A revision of a tree, linked to its parent, which may be on the {@link Trunk}. Immutable. */
final class Node {

  private final Revision revision;
  private final @Nullable Node parent;
  private final @Nullable Trunk trunk;
  private final int depth;

  Node(Revision revision, @Nullable Node parent) {
    this(revision, parent, null, parent == null ? 1 : 1 + parent.depth);
  }

  /** One whose parent is on {@code trunk}. */
  Node(Revision revision, Trunk trunk) {
    this(revision, null, trunk, 1 + trunk.depth(revision.id().generation() - 1));
  }

  private Node(Revision revision, @Nullable Node parent, @Nullable Trunk trunk, int depth) {
    this.revision = revision;
    this.parent = parent;
    this.trunk = trunk;
    this.depth = depth;
  }

  /** The same place with another account of its revision. */
  Node with(Revision other) {
    return new Node(other, parent, trunk, depth);
  }

  Revision revision() {
    return revision;
  }

  int generation() {
    return revision.id().generation();
  }

  /** The node of its parent, which is read if it is on the trunk; null if it is a root. */
  @Nullable Node parent() {
    return trunk == null ? parent : trunk.parentOf(revision);
  }

  /** The node of its parent; null if it is a root, or its parent on the trunk. */
  @Nullable Node youngParent() {
    return parent;
  }

  /** What its parent is on; null if it is a root, or its parent young. */
  @Nullable Trunk trunk() {
    return trunk;
  }

  /** How long the branch is from here down to its root, both included. */
  int depth() {
    return depth;
  }
}
