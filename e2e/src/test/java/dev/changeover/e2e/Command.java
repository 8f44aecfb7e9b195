package dev.changeover.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program that is run to its end, which it reaches in time or is killed. */
record Command(List<String> words, Path folder, Map<String, String> environment, Duration max) {
  private static final Duration USUAL_MAX = Duration.ofMinutes(2);

  Command {
    words = List.copyOf(words);
    environment = Map.copyOf(environment);
  }

  static Command of(Path program, String... arguments) {
    List<String> words = new ArrayList<>(List.of(program.toString()));
    words.addAll(Arrays.asList(arguments));
    return new Command(words, Path.of("."), Map.of(), USUAL_MAX);
  }

  Command in(Path newFolder) {
    return new Command(words, newFolder, environment, max);
  }

  Command with(Map<String, String> newEnvironment) {
    return new Command(words, folder, newEnvironment, max);
  }

  Command within(Duration newMax) {
    return new Command(words, folder, environment, newMax);
  }

  /**
   * How it ended.
   *
   * @param text all that it wrote, errors included where they were not shown
   */
  record Result(int status, String text) {
    /** The text, of a command that must have succeeded. */
    String ok() {
      assertThat(status).as(text).isZero();
      return text;
    }
  }

  /** Runs it on nothing; what it writes to either stream is the result's text. */
  Result run() {
    return run("");
  }

  /** Runs it on this input. */
  Result run(String input) {
    return run(builder().redirectErrorStream(true), input);
  }

  /** Runs it with its errors shown as they come, as progress. */
  Result runShowingErrors() {
    return run(builder().redirectError(ProcessBuilder.Redirect.INHERIT), "");
  }

  private ProcessBuilder builder() {
    ProcessBuilder builder = new ProcessBuilder(words).directory(folder.toFile());
    builder.environment().putAll(environment);
    return builder;
  }

  private Result run(ProcessBuilder builder, String input) {
    try {
      Process process = builder.start();
      Thread bound = Thread.ofVirtual().start(() -> endAfter(process));
      try (var writer = process.outputWriter(UTF_8)) {
        writer.write(input);
      }
      String text = new String(process.getInputStream().readAllBytes(), UTF_8);
      bound.join();
      return new Result(process.exitValue(), text);
    } catch (IOException e) {
      throw new UncheckedIOException("in " + words, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted in " + words, e);
    }
  }

  private void endAfter(Process process) {
    try {
      if (!process.waitFor(max.toMillis(), TimeUnit.MILLISECONDS)) {
        // First, while they are known: one that goes on holds the output that is read to its end.
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
