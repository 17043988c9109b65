package dev.stave.query;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How large a regular expression is with its repetitions written out, about: {@code (a{100}){100}}
 * is 10,000. It is never taken for smaller than it is by more than a small factor; what RE2 does
 * not accept may have any size.
 */
final class RegexSize {

  private static final long MOST = 1L << 40; // no overflow, however often it is multiplied
  private static final long MOST_TIMES = 1 << 16; // more than RE2 allows

  private final String text;
  private int at;

  private RegexSize(String text) {
    this.text = text;
  }

  static long of(String text) {
    return new RegexSize(text).size();
  }

  private long size() {
    Deque<Long> around = new ArrayDeque<>(); // of the groups that are open, from the inside
    long size = 0; // of the innermost group so far
    long last = 0; // of what a repetition would repeat
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '(') {
        around.push(size);
        size = 0;
        last = 0;
      } else if (c == ')') {
        last = Math.min(MOST, size + 1);
        size = last + (around.isEmpty() ? 0 : around.pop());
      } else if (c == '{') {
        long more = last * Math.max(0, count() - 1);
        size = Math.min(MOST, size + more);
        last = Math.min(MOST, last + more);
      } else if (c == '*' || c == '+' || c == '?') {
        last++;
        size++;
      } else {
        last = skip(c);
        size += last;
      }
    }
    while (!around.isEmpty()) {
      size += around.pop();
    }
    return size;
  }

  /** Goes behind what began with {@code c}: one step, or quoted text of many. */
  private int skip(char c) {
    if (c == '[') {
      skipClass();
    } else if (c == '\\' && at < text.length()) {
      char escaped = text.charAt(at++);
      if (escaped == 'Q') {
        int from = at;
        int end = text.indexOf("\\E", at);
        at = end < 0 ? text.length() : end + 2;
        return at - from;
      }
      if ("pPx".indexOf(escaped) >= 0 && at < text.length() && text.charAt(at) == '{') {
        int end = text.indexOf('}', at);
        at = end < 0 ? text.length() : end + 1;
      }
    }
    return 1;
  }

  private void skipClass() {
    if (at < text.length() && text.charAt(at) == '^') {
      at++;
    }
    if (at < text.length() && text.charAt(at) == ']') {
      at++; // the first is a member
    }
    while (at < text.length() && text.charAt(at) != ']') {
      at += text.charAt(at) == '\\' ? 2 : 1;
    }
    at++;
  }

  /** The larger number of <code>{n}</code>, <code>{n,}</code> or <code>{n,m}</code>. */
  private long count() {
    long most = 1;
    long number = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c >= '0' && c <= '9') {
        number = Math.min(MOST_TIMES, number * 10 + (c - '0'));
      } else if (c != ',' && c != '}') {
        return most; // a brace like any other character
      } else {
        most = Math.max(most, number + (c == ',' ? 1 : 0));
        number = 0;
      }
      at++;
      if (c == '}') {
        return most;
      }
    }
    return most;
  }
}
