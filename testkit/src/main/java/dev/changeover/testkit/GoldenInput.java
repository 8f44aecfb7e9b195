package dev.changeover.testkit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The files of one case's {@code in} folder, which remembers what was read of it. */
public final class GoldenInput {
  /** The most bytes a golden file may have: more is no longer read by a person. */
  static final long FILE_BYTES_MAX = 8L << 20;

  private final String caseName;
  private final Path folder;
  private final Set<String> names;
  private final Set<String> read = new TreeSet<>();

  GoldenInput(String caseName, Path folder) {
    this.caseName = caseName;
    this.folder = folder;
    this.names = GoldenFolder.namesIn(folder);
  }

  /** The name of the case: its folder's name. */
  public String caseName() {
    return caseName;
  }

  /** The names of all files, sorted; files of inner folders carry them as {@code inner/name}. */
  public List<String> names() {
    return List.copyOf(names);
  }

  /** Whether the case has this file. A file that is never read fails the golden test. */
  public boolean has(String name) {
    return names.contains(name);
  }

  /** One file's text. */
  public String read(String name) {
    if (!has(name)) {
      throw new AssertionError("case " + caseName + " has no file in/" + name + ", only " + names);
    }
    read.add(name);
    return GoldenFolder.text(folder.resolve(name));
  }

  /** One file's text, or other text where the case has no such file. */
  public String readOr(String name, String absent) {
    return has(name) ? read(name) : absent;
  }

  /** The text of every file whose name ends so, by name, in order. */
  public Map<String, String> readAll(String ending) {
    Map<String, String> texts = new TreeMap<>();
    for (String name : names) {
      if (name.endsWith(ending)) {
        texts.put(name, read(name));
      }
    }
    return texts;
  }

  List<String> unread() {
    List<String> left = new ArrayList<>(names);
    left.removeAll(read);
    return left;
  }
}
