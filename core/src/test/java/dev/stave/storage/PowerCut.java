package dev.stave.storage;

import dev.stave.storage.RecordingDisk.Call;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * What may be on the disk when the power fails after so many calls of a recording.
 *
 * <p>On it for certain are: the bytes of a file that was synced after they were written, and the
 * names in a folder that was synced after they were given. Of all else any part may be there. Of a
 * write that is any of its pages; the file may be as long as it was to become, with zeros where a
 * page is missing. Of names it is any of the changes; a renaming happens as a whole or not at all.
 */
final class PowerCut {

  /** How much of what was not synced is there. */
  enum Luck {
    ALL_LOST,
    ALL_KEPT,
    /** Any part of it. */
    SOME_KEPT,
    /**
     * As a file system with a journal does: names changed in order up to a moment, and any bytes.
     */
    NAMES_IN_ORDER
  }

  private static final class Content {
    byte[] bytes = {};
    final List<Call> pending = new ArrayList<>();
  }

  private final Map<Integer, Content> files = new HashMap<>();
  private final Map<Path, Integer> names = new HashMap<>();
  private final List<Call> pendingNames = new ArrayList<>();

  PowerCut(RecordingDisk disk) {
    names.putAll(disk.namesBefore());
    disk.before().forEach((file, bytes) -> content(file).bytes = bytes);
  }

  private Content content(int file) {
    return files.computeIfAbsent(file, number -> new Content());
  }

  /** The power did not fail before {@code call} was made. */
  void pass(Call call) {
    if (call instanceof Call.Write write) {
      content(write.file()).pending.add(call);
    } else if (call instanceof Call.SetLength set) {
      content(set.file()).pending.add(call);
    } else if (call instanceof Call.Sync sync) {
      Content content = content(sync.file());
      content.bytes = after(content, Luck.ALL_KEPT, new Random(0));
      content.pending.clear();
    } else if (call instanceof Call.SyncWrite sync) {
      Content content = content(sync.write().file());
      content.pending.removeIf(pending -> pending == sync.write());
      content.bytes = after(content.bytes, sync.write(), 512, 100, new Random(0));
    } else if (call instanceof Call.SyncFolder sync) {
      syncNames(sync.folder());
    } else if (!(call instanceof Call.Mark)) {
      pendingNames.add(call);
    }
  }

  /** Names in the folder are on the disk now; in a folder that is renamed others may not be. */
  private void syncNames(Path folder) {
    List<Call> later = new ArrayList<>();
    for (Call change : pendingNames) {
      if (folder.equals(placeOf(change))) {
        apply(change, names);
        if (change instanceof Call.RenameFolder renamed) {
          later.replaceAll(call -> call instanceof Call.Name named ? named(named, renamed) : call);
        }
      } else {
        later.add(change);
      }
    }
    pendingNames.clear();
    pendingNames.addAll(later);
  }

  private static Call.Name named(Call.Name named, Call.RenameFolder renamed) {
    return named.name().startsWith(renamed.from())
        ? new Call.Name(moved(named.name(), renamed), named.file())
        : named;
  }

  private static Path moved(Path name, Call.RenameFolder renamed) {
    return renamed.to().resolve(renamed.from().relativize(name));
  }

  private static Path placeOf(Call change) {
    if (change instanceof Call.Name named) {
      return named.name().getParent();
    }
    if (change instanceof Call.Rename renamed) {
      return renamed.to().getParent();
    }
    if (change instanceof Call.RenameFolder renamed) {
      return renamed.to().getParent();
    }
    return ((Call.Delete) change).name().getParent();
  }

  /** One of the folders that may be there, by file name. */
  Map<String, byte[]> folder(Luck luck, Random random) {
    Map<String, byte[]> folder = new TreeMap<>();
    tree(luck, random).forEach((name, bytes) -> folder.put(name.getFileName().toString(), bytes));
    return folder;
  }

  /** The same with what is in folders below, by path. */
  Map<Path, byte[]> tree(Luck luck, Random random) {
    Map<Path, Integer> left = new HashMap<>(names);
    int inOrder = random.nextInt(pendingNames.size() + 1);
    for (int i = 0; i < pendingNames.size(); i++) {
      boolean kept =
          switch (luck) {
            case ALL_LOST -> false;
            case ALL_KEPT -> true;
            case SOME_KEPT -> random.nextBoolean();
            case NAMES_IN_ORDER -> i < inOrder;
          };
      if (kept) {
        apply(pendingNames.get(i), left);
      }
    }
    Map<Integer, byte[]> contents = new HashMap<>();
    Map<Path, byte[]> tree = new TreeMap<>();
    left.forEach(
        (name, file) ->
            tree.put(name, contents.computeIfAbsent(file, f -> after(content(f), luck, random))));
    return tree;
  }

  private static void apply(Call change, Map<Path, Integer> names) {
    if (change instanceof Call.Name named) {
      names.put(named.name(), named.file());
    } else if (change instanceof Call.Rename renamed) {
      names.remove(renamed.from(), renamed.file());
      names.put(renamed.to(), renamed.file());
    } else if (change instanceof Call.RenameFolder renamed) {
      for (Path name : List.copyOf(names.keySet())) {
        if (name.startsWith(renamed.from())) {
          names.put(moved(name, renamed), names.remove(name));
        }
      }
    } else if (change instanceof Call.Delete deleted) {
      names.remove(deleted.name());
    }
  }

  private static byte[] after(Content content, Luck luck, Random random) {
    if (content.pending.isEmpty() || luck == Luck.ALL_LOST) {
      return content.bytes;
    }
    int page = random.nextBoolean() ? 512 : 4_096;
    int percent = luck == Luck.ALL_KEPT ? 100 : new int[] {10, 50, 90}[random.nextInt(3)];
    byte[] bytes = content.bytes;
    for (Call call : content.pending) {
      if (call instanceof Call.SetLength set) {
        bytes = random.nextInt(100) < percent ? Arrays.copyOf(bytes, (int) set.length()) : bytes;
      } else if (call instanceof Call.Write write) {
        bytes = after(bytes, write, page, percent, random);
      }
    }
    return bytes;
  }

  private static byte[] after(
      byte[] before, Call.Write write, int page, int percent, Random random) {
    int from = (int) write.offset();
    int to = from + write.bytes().length;
    boolean isLong = percent == 100 || random.nextBoolean();
    byte[] bytes = Arrays.copyOf(before, isLong ? Math.max(before.length, to) : before.length);
    for (int at = from; at < to; ) {
      int end = Math.min(to, (at / page + 1) * page);
      if (random.nextInt(100) < percent) {
        bytes = bytes.length < end ? Arrays.copyOf(bytes, end) : bytes;
        System.arraycopy(write.bytes(), at - from, bytes, at, end - at);
      }
      at = end;
    }
    return bytes;
  }

  /** Writes {@code files} into an empty folder. */
  static void write(Map<String, byte[]> files, Path folder) throws IOException {
    Files.createDirectory(folder);
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Files.write(folder.resolve(file.getKey()), file.getValue());
    }
  }
}
