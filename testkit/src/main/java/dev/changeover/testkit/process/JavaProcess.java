package dev.changeover.testkit.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.core.ConditionTimeoutException;

/** One of our programs as a process of its own; what it writes is kept in two files. */
public final class JavaProcess implements AutoCloseable {
  /** A loaded machine starts a JVM slowly. */
  public static final Duration START_MAX = Duration.ofSeconds(60);

  public static final Duration END_MAX = Duration.ofSeconds(30);

  /** The heap that our programs are content with. */
  public static final int HEAP_MEGABYTES = 256;

  private final String name;
  private final Process process;
  private final Path output;
  private final Path errors;

  private JavaProcess(String name, Process process, Path output, Path errors) {
    this.name = name;
    this.process = process;
    this.output = output;
    this.errors = errors;
  }

  /**
   * What is started.
   *
   * @param name unique in its folder
   * @param heapMegabytes the largest heap
   * @param environment besides this process's own
   */
  public record Program(
      String name, Class<?> main, int heapMegabytes, Map<String, String> environment, Path folder) {
    /** With the heap that our programs are content with. */
    public Program(String name, Class<?> main, Map<String, String> environment, Path folder) {
      this(name, main, HEAP_MEGABYTES, environment, folder);
    }
  }

  public static JavaProcess start(Program program, List<String> arguments) {
    Path output = program.folder().resolve(program.name() + ".out");
    Path errors = program.folder().resolve(program.name() + ".err");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + program.heapMegabytes() + "m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Dlogback.configurationFile=" + logConfiguration(program.main()),
                "-cp",
                classPath(program.main()),
                program.main().getName()));
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(errors.toFile());
    builder.environment().putAll(program.environment());
    try {
      return new JavaProcess(program.name(), builder.start(), output, errors);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The program's own, whatever else of that name is on the class path. */
  private static String logConfiguration(Class<?> main) {
    Path own = Path.of(home(main));
    return Files.isDirectory(own)
        ? own.resolve("logback.xml").toUri().toString()
        : "jar:" + own.toUri() + "!/logback.xml";
  }

  /** This test's class path without any test's classes, and of the programs only this one. */
  private static String classPath(Class<?> main) {
    String tests =
        Optional.ofNullable(System.getProperty("surefire.test.class.path"))
            .orElseGet(() -> System.getProperty("java.class.path"));
    List<String> elements = new ArrayList<>(List.of(tests.split(File.pathSeparator)));
    elements.removeIf(element -> element.endsWith("test-classes"));
    String own = home(main);
    elements.removeIf(element -> !element.equals(own) && isProgram(Path.of(element)));
    return String.join(File.pathSeparator, elements);
  }

  private static boolean isProgram(Path element) {
    return Files.exists(element.resolve("logback.xml"));
  }

  private static String home(Class<?> main) {
    try {
      return Path.of(main.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  public String name() {
    return name;
  }

  public long pid() {
    return process.pid();
  }

  public boolean alive() {
    return process.isAlive();
  }

  /** Everything it has written so far. */
  public String written() {
    return read(output) + read(errors);
  }

  public String errors() {
    return read(errors);
  }

  /** The first place where it writes this; waits for it. */
  public MatchResult awaitWritten(Pattern pattern) {
    try {
      await()
          .atMost(START_MAX)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> pattern.matcher(written()).find() || !process.isAlive());
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(name + " did not write " + pattern + " but: " + written(), e);
    }
    Matcher found = pattern.matcher(written());
    assertThat(found.find()).as("%s writes %s in: %s", name, pattern, written()).isTrue();
    return found.toMatchResult();
  }

  /** The same of the words that tell that it has started; ends it where they do not come. */
  MatchResult awaitStarted(Pattern words) {
    try {
      return awaitWritten(words);
    } catch (RuntimeException | AssertionError e) {
      close();
      throw e;
    }
  }

  /** SIGKILL: no hook runs, nothing is said. */
  public void kill() {
    process.destroyForcibly();
    exit();
  }

  /** SIGTERM; does not wait for the end. */
  public void terminate() {
    process.destroy();
  }

  /** Sends a signal by its name, such as STOP or CONT, which Java itself has no word for. */
  public void signal(String signal) {
    try {
      int status =
          new ProcessBuilder("kill", "-" + signal, Long.toString(pid()))
              .inheritIO()
              .start()
              .waitFor();
      assertThat(status).as("kill -%s of %s", signal, name).isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while " + name + " got " + signal, e);
    }
  }

  /** Its exit status; waits for it. */
  public int exit() {
    try {
      assertThat(process.waitFor(END_MAX.toSeconds(), TimeUnit.SECONDS))
          .as("%s ends; it wrote: %s", name, written())
          .isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    exit();
  }

  private static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
