package dev.changeover.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One page of documentation, as far as tests ask about it.
 *
 * @param prose everything but the blocks of code
 * @param headings their texts, in order
 * @param blocks the blocks of code
 */
public record Markdown(Path path, String prose, List<String> headings, List<Block> blocks) {
  private static final Set<String> FOLDERS_LEFT_OUT = Set.of("target", ".git", "node_modules");
  private static final Pattern FENCE = Pattern.compile("( *)(`{3,})([^`]*)");
  private static final Pattern HEADING = Pattern.compile("#{1,6} +(.*?) *#*");
  private static final Pattern CODE = Pattern.compile("`[^`\n]*`");
  private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)\\s]+)\\)");

  public Markdown {
    headings = List.copyOf(headings);
    blocks = List.copyOf(blocks);
  }

  /**
   * A block of code.
   *
   * @param info what stands behind the opening fence, such as {@code yaml}
   * @param line where it begins
   */
  public record Block(String info, int line, String text) {}

  /** All pages under a folder, but those of builds. */
  public static List<Markdown> under(Path root) {
    List<Markdown> pages = new ArrayList<>();
    try {
      Files.walkFileTree(
          root,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
              return FOLDERS_LEFT_OUT.contains(String.valueOf(folder.getFileName()))
                  ? FileVisitResult.SKIP_SUBTREE
                  : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (file.toString().endsWith(".md")) {
                pages.add(read(file));
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return List.copyOf(pages);
  }

  public static Markdown read(Path path) {
    List<String> lines = GoldenFolder.text(path).lines().toList();
    StringBuilder prose = new StringBuilder();
    List<String> headings = new ArrayList<>();
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      Matcher fence = FENCE.matcher(lines.get(i));
      if (!fence.matches()) {
        prose.append(lines.get(i)).append('\n');
        Matcher heading = HEADING.matcher(lines.get(i));
        if (heading.matches()) {
          headings.add(heading.group(1));
        }
        continue;
      }
      int begin = i + 1;
      StringBuilder text = new StringBuilder();
      for (i++; i < lines.size() && !lines.get(i).strip().equals(fence.group(2)); i++) {
        String line = lines.get(i);
        text.append(line.startsWith(fence.group(1)) ? line.substring(fence.end(1)) : line);
        text.append('\n');
      }
      blocks.add(new Block(fence.group(3).strip(), begin, text.toString()));
    }
    return new Markdown(path, prose.toString(), headings, blocks);
  }

  /** Where its links lead. */
  public List<String> links() {
    return LINK.matcher(CODE.matcher(prose).replaceAll(""))
        .results()
        .map(link -> link.group(1))
        .toList();
  }

  /** The anchors of its headings, as GitHub makes them. */
  public Set<String> anchors() {
    Set<String> anchors = new LinkedHashSet<>();
    for (String heading : headings) {
      String anchor =
          heading
              .toLowerCase(Locale.ROOT)
              .replaceAll("\\[([^\\]]*)]\\([^)]*\\)", "$1")
              .replaceAll("[^\\p{L}\\p{N} _-]", "")
              .replace(' ', '-');
      for (int repeat = 1; !anchors.add(anchor); repeat++) {
        anchor = anchor.replaceFirst("(-" + (repeat - 1) + ")?$", "-" + repeat);
      }
    }
    return anchors;
  }
}
