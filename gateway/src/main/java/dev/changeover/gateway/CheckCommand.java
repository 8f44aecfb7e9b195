package dev.changeover.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.changeover.gateway.dialect.Echo;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Asks a gateway one question as a caller would: what {@code helm test} runs in a pod. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = "Asks a gateway one question and prints the answer; fails unless there is one.")
final class CheckCommand implements Callable<Integer> {
  private static final Duration WAIT_MAX = Duration.ofSeconds(30);
  private static final int ANSWER_CHARS_MAX = 2_000;
  private static final int NO_ANSWER = 1;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "URL",
      arity = "0..1",
      description = "The gateway; default ${DEFAULT-VALUE}.")
  private URI gateway = URI.create("http://127.0.0.1:8080");

  @Option(names = "--model", description = "The model to ask; default ${DEFAULT-VALUE}.")
  private String model = Echo.MODEL;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    String question =
        "{\"model\":\"%s\",\"prompt\":\"Are you there?\",\"max_tokens\":16}".formatted(model);
    HttpRequest request =
        HttpRequest.newBuilder(gateway.resolve("/v1/generate"))
            .timeout(WAIT_MAX)
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(question, UTF_8))
            .build();
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(WAIT_MAX).build()) {
      HttpResponse<String> response =
          client.send(request, HttpResponse.BodyHandlers.ofString(UTF_8));
      String body = response.body();
      out.printf(
          "%d %s%n",
          response.statusCode(), body.substring(0, Math.min(body.length(), ANSWER_CHARS_MAX)));
      out.flush();
      return response.statusCode() == 200 ? 0 : NO_ANSWER;
    } catch (IOException e) {
      spec.commandLine().getErr().println("no answer from " + gateway + ": " + e);
      return NO_ANSWER;
    }
  }
}
