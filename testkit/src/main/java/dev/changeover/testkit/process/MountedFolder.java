package dev.changeover.testkit.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A folder as the kubelet mounts a Secret: each file a link through {@code ..data}, which is
 * swapped as a whole, after which the old content is removed.
 */
public final class MountedFolder {
  private static final String DATA = "..data";

  private final Path path;
  private int edition;

  public MountedFolder(Path path) {
    this.path = path;
    try {
      Files.createDirectories(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Path path() {
    return path;
  }

  /** Shows these files and no others. */
  public synchronized void show(Map<String, byte[]> files) {
    try {
      Path content = Files.createDirectory(path.resolve("..edition_" + ++edition));
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        Files.write(content.resolve(file.getKey()), file.getValue());
      }
      Path data = path.resolve(DATA);
      boolean first = !Files.exists(data, LinkOption.NOFOLLOW_LINKS);
      Path old = first ? data : path.resolve(Files.readSymbolicLink(data));
      Path next = Files.createSymbolicLink(path.resolve("..data_tmp"), content.getFileName());
      Files.move(next, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      link(files);
      if (!first) {
        remove(old);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Shows these files, which are given in base64, and tells what it shows. */
  public Map<String, byte[]> showEncoded(Map<String, String> encoded) {
    Map<String, byte[]> files = new TreeMap<>();
    encoded.forEach((name, content) -> files.put(name, Base64.getDecoder().decode(content)));
    show(files);
    return files;
  }

  private void link(Map<String, byte[]> files) throws IOException {
    List<Path> shown;
    try (Stream<Path> all = Files.list(path)) {
      shown = all.filter(each -> !each.getFileName().toString().startsWith("..")).toList();
    }
    for (Path each : shown) {
      if (!files.containsKey(each.getFileName().toString())) {
        Files.delete(each);
      }
    }
    for (String name : files.keySet()) {
      Path link = path.resolve(name);
      if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
        Files.createSymbolicLink(link, Path.of(DATA, name));
      }
    }
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
