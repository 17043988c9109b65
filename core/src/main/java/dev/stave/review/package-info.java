/**
 * Conflicts as merge requests: what both sides changed, what fits by itself, what a person decides,
 * and what others say of it. Begin with {@link dev.stave.review.MergeRequests}.
 */
@org.jspecify.annotations.NullMarked
package dev.stave.review;
