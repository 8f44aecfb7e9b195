package dev.changeover.gateway.classify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.contract.Reason;
import dev.changeover.gateway.classify.Outcome.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Recorded refusals of the providers, read from the folder that {@code CHANGEOVER_CONFORMANCE}
 * names. Each file is called after the fault that was provoked, and so is the reason.
 */
@Tag("conformance")
class ClassifierConformanceIT {
  private static final Map<String, Reason> BY_FAULT =
      Map.of(
          "bad-request", Reason.BAD_REQUEST,
          "context-too-long", Reason.CONTEXT_TOO_LONG,
          "invalid-key", Reason.CREDENTIAL_REJECTED,
          "model-not-found", Reason.MODEL_NOT_FOUND,
          "model-retired", Reason.MODEL_NOT_FOUND);

  @TestFactory
  Stream<DynamicTest> openAi() throws IOException {
    return recordings("openai", 25).map(file -> expected(Vendor.OPENAI, file));
  }

  @TestFactory
  Stream<DynamicTest> anthropic() throws IOException {
    return recordings("anthropic", 5).map(file -> expected(Vendor.ANTHROPIC, file));
  }

  @TestFactory
  Stream<DynamicTest> others() throws IOException {
    List<Path> providers;
    try (Stream<Path> folders = Files.list(errors())) {
      providers =
          folders
              .filter(Files::isDirectory)
              .filter(folder -> !List.of("LICENSES", "openai", "anthropic").contains(name(folder)))
              .sorted()
              .toList();
    }
    assertThat(providers).hasSizeGreaterThanOrEqualTo(13);
    return providers.stream()
        .flatMap(folder -> recordings(name(folder), 1).map(file -> failing(name(folder), file)));
  }

  private static DynamicTest failing(String provider, Path file) {
    return DynamicTest.dynamicTest(
        provider + "/" + name(file),
        () ->
            assertThat(RecordedReplies.errorsIn(file))
                .isNotEmpty()
                .allSatisfy(reply ->
                    assertThat(reply.classified(Vendor.OTHER)).isInstanceOf(Failure.class)));
  }

  private static DynamicTest expected(Vendor vendor, Path file) {
    return DynamicTest.dynamicTest(
        name(file),
        () ->
            assertThat(RecordedReplies.errorsIn(file))
                .isNotEmpty()
                .allSatisfy(reply ->
                    assertThat(reply.classified(vendor))
                        .isInstanceOfSatisfying(
                            Failure.class,
                            failure -> {
                              assertThat(failure.reason()).isEqualTo(reason(file));
                              assertThat(failure.unclassified()).isFalse();
                            })));
  }

  private static Reason reason(Path file) {
    return BY_FAULT.entrySet().stream()
        .filter(fault -> name(file).startsWith(fault.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no reason is known for " + name(file)));
  }

  private static Stream<Path> recordings(String provider, int min) {
    try (Stream<Path> files = Files.list(errors().resolve(provider))) {
      List<Path> sorted = files.sorted().toList();
      assertThat(sorted).hasSizeGreaterThanOrEqualTo(min);
      return sorted.stream();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Path errors() {
    String root =
        Optional.ofNullable(System.getenv("CHANGEOVER_CONFORMANCE"))
            .orElseThrow(() ->
                new AssertionError(
                    "set CHANGEOVER_CONFORMANCE to the folder that holds fixtures/"));
    return Path.of(root, "fixtures", "errors");
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }
}
