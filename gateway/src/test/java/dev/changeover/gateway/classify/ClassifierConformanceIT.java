package dev.changeover.gateway.classify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.contract.Reason;
import dev.changeover.gateway.classify.Outcome.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Recorded refusals of the providers, read from the folder that {@code CHANGEOVER_CONFORMANCE}
 * names. Each file is called after the fault that was provoked, and so is the reason.
 */
@Tag("conformance")
class ClassifierConformanceIT {
  private static final int FILES = 87;
  private static final int REPLIES = 91;

  private static final Map<String, Vendor> BY_FOLDER =
      Map.ofEntries(
          Map.entry("anthropic", Vendor.ANTHROPIC),
          Map.entry("azure", Vendor.AZURE_OPENAI),
          Map.entry("bedrock", Vendor.BEDROCK),
          Map.entry("cohere", Vendor.COHERE),
          Map.entry("deepseek", Vendor.DEEPSEEK),
          Map.entry("gemini", Vendor.GOOGLE),
          Map.entry("groq", Vendor.GROQ),
          Map.entry("mistral", Vendor.MISTRAL),
          Map.entry("ollama", Vendor.OTHER),
          Map.entry("ollama-cloud", Vendor.OLLAMA),
          Map.entry("openai", Vendor.OPENAI),
          Map.entry("openrouter", Vendor.OPENROUTER),
          Map.entry("perplexity", Vendor.PERPLEXITY),
          Map.entry("vertex", Vendor.GOOGLE),
          Map.entry("vllm", Vendor.OTHER),
          Map.entry("watsonx", Vendor.OTHER),
          Map.entry("xai", Vendor.XAI));

  private static final Map<String, Reason> BY_FAULT =
      Map.of(
          "bad-request", Reason.BAD_REQUEST,
          "context-too-long", Reason.CONTEXT_TOO_LONG,
          "error-inside-200-stream", Reason.BAD_REQUEST, // its code is the number 400
          "invalid-key", Reason.CREDENTIAL_REJECTED,
          "model-not-found", Reason.MODEL_NOT_FOUND,
          "model-retired", Reason.MODEL_NOT_FOUND,
          "rate-limited", Reason.RATE_LIMITED,
          "tool-use-failed", Reason.BAD_REQUEST);

  @TestFactory
  Stream<DynamicTest> replies() throws IOException {
    return recordings().stream()
        .map(file ->
            DynamicTest.dynamicTest(folder(file) + "/" + name(file), () -> isAsItsName(file)));
  }

  @Test
  void noneIsLeftOut() throws IOException {
    List<Path> files = recordings();
    int replies = 0;
    for (Path file : files) {
      replies += RecordedReplies.errorsIn(file).size();
    }

    assertThat(files).hasSize(FILES);
    assertThat(replies).isEqualTo(REPLIES);
    assertThat(files.stream().map(ClassifierConformanceIT::folder).distinct())
        .containsExactlyInAnyOrderElementsOf(BY_FOLDER.keySet());
  }

  private static void isAsItsName(Path file) throws IOException {
    Vendor vendor = Objects.requireNonNull(BY_FOLDER.get(folder(file)), "a folder of nobody's");

    assertThat(RecordedReplies.errorsIn(file))
        .isNotEmpty()
        .allSatisfy(reply ->
            assertThat(reply.classified(vendor))
                .isInstanceOfSatisfying(
                    Failure.class,
                    failure -> assertThat(failure.reason()).isEqualTo(reason(file))));
  }

  private static Reason reason(Path file) {
    return BY_FAULT.entrySet().stream()
        .filter(fault -> name(file).startsWith(fault.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no reason is known for " + name(file)));
  }

  private static List<Path> recordings() throws IOException {
    try (Stream<Path> files = Files.walk(errors())) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> errors().relativize(file).getNameCount() == 2)
          .filter(file -> !folder(file).equals("LICENSES"))
          .sorted()
          .toList();
    }
  }

  private static String folder(Path file) {
    return errors().relativize(file).getName(0).toString();
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
