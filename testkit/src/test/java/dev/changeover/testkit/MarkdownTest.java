package dev.changeover.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MarkdownTest {
  @TempDir private Path folder;

  @Test
  void aPageIsReadAsAReaderSeesIt() throws IOException {
    // Given
    Path file = folder.resolve("page.md");
    Files.writeString(
        file,
        """
        # What `it` is: one
        See [the other
        page](other.md#part) and [`code`](a.md), not `[this](no.md)`.
        1. A step:
           ```yaml invalid
           a:
             b: "[x](no.md)"
           ```
        ## Again
        ## Again
        ```sh
        # no heading
        ```
        """);
    Files.createDirectories(folder.resolve("target"));
    Files.writeString(folder.resolve("target/built.md"), "# Built");
    // When
    Markdown page = Markdown.read(file);
    // Then
    assertThat(page.headings()).containsExactly("What `it` is: one", "Again", "Again");
    assertThat(page.anchors()).containsExactly("what-it-is-one", "again", "again-1");
    assertThat(page.links()).containsExactly("other.md#part", "a.md");
    assertThat(page.blocks())
        .containsExactly(
            new Markdown.Block("yaml invalid", 5, "a:\n  b: \"[x](no.md)\"\n"),
            new Markdown.Block("sh", 11, "# no heading\n"));
    assertThat(Markdown.under(folder)).containsExactly(page);
  }
}
