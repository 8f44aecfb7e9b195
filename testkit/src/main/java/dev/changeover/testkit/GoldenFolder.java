package dev.changeover.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** A golden case's folder on disk: what stands in it, and how it is rewritten. */
record GoldenFolder(String name, Path path) {
  private static final Set<String> PARTS = Set.of("in", "out");

  /** The cases under a root, in order of their names. */
  static List<GoldenFolder> under(Path root) {
    if (!Files.isDirectory(root)) {
      throw new AssertionError("no golden folder " + root.toAbsolutePath());
    }
    try (Stream<Path> children = Files.list(root)) {
      return children
          .filter(Files::isDirectory)
          .map(path -> new GoldenFolder(String.valueOf(path.getFileName()), path))
          .sorted((left, right) -> left.name().compareTo(right.name()))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Files under a root that belong to no case. */
  static List<String> straysUnder(Path root) {
    try (Stream<Path> children = Files.list(root)) {
      return children.filter(Files::isRegularFile).map(Path::toString).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  GoldenInput input() {
    return new GoldenInput(name, path.resolve("in"));
  }

  Path out() {
    return path.resolve("out");
  }

  /** What stands beside {@code in} and {@code out}, where nothing may. */
  List<String> strays() {
    try (Stream<Path> children = Files.list(path)) {
      return children
          .map(child -> String.valueOf(child.getFileName()))
          .filter(child -> !PARTS.contains(child))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes {@code out} hold exactly these texts. */
  void rewrite(Map<String, String> produced) {
    try {
      for (String old : namesIn(out())) {
        if (!produced.containsKey(old)) {
          Files.delete(out().resolve(old));
        }
      }
      for (Map.Entry<String, String> file : produced.entrySet()) {
        write(out().resolve(file.getKey()), file.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void write(Path file, String text) throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    Files.writeString(file, text, StandardCharsets.UTF_8);
  }

  static Set<String> namesIn(Path folder) {
    Set<String> names = new TreeSet<>();
    if (!Files.isDirectory(folder)) {
      return names;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      files
          .filter(Files::isRegularFile)
          .forEach(file -> names.add(folder.relativize(file).toString().replace('\\', '/')));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return names;
  }

  static String text(Path file) {
    try {
      if (Files.size(file) > GoldenInput.FILE_BYTES_MAX) {
        throw new AssertionError(file + " is larger than " + GoldenInput.FILE_BYTES_MAX + " bytes");
      }
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
