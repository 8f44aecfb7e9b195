package dev.changeover.gateway;

import dev.changeover.gateway.channel.ChannelKeys;
import dev.changeover.gateway.channel.FleetLink;
import dev.changeover.gateway.http.ApiServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.Security;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A gateway as a process, on a folder of configuration and, where there are any, operators. */
@Command(
    name = "gateway",
    mixinStandardHelpOptions = true,
    subcommands = CheckCommand.class,
    description = "Serves LLM requests and changes over to another provider when one fails.")
public final class GatewayMain implements Callable<Integer> {
  private static final int USAGE = 2;

  @Option(names = "--config", description = "The folder to read: config.json, credentials.json.")
  private @Nullable Path config;

  @Option(names = "--host", description = "The address to listen on; default ${DEFAULT-VALUE}.")
  private String host = "127.0.0.1";

  @Option(names = "--port", description = "For callers; default ${DEFAULT-VALUE}, 0 takes any.")
  private int port = 8080;

  @Option(
      names = "--metrics-port",
      description = "For /metrics, /healthz, /readyz; default ${DEFAULT-VALUE}, 0 takes any.")
  private int metricsPort = 9090;

  @Option(
      names = "--operator",
      split = ",",
      description = "An operator to dial; may be given several times.")
  private List<URI> operators = new ArrayList<>();

  @Option(
      names = "--operator-ca",
      paramLabel = "FILE",
      description = "The CA that operators' certificates come from; dials once it is there.")
  private @Nullable Path operatorCa;

  @Option(
      names = "--operator-token",
      paramLabel = "FILE",
      description = "The token that operators ask for; read anew for each dial.")
  private @Nullable Path operatorToken;

  @Option(
      names = "--name",
      defaultValue = "${env:POD_NAME:-gateway}",
      description = "This gateway's name; default ${DEFAULT-VALUE}.")
  private String name = "gateway";

  @Option(
      names = "--last-good",
      paramLabel = "FOLDER",
      description = "Where to keep the last good configuration, keys included, for a restart.")
  private @Nullable Path lastGood;

  @Option(
      names = "--drain-propagation",
      description = "How long to serve on after SIGTERM, as PT15S; default ${DEFAULT-VALUE}.")
  private Duration propagation = Duration.ofMillis(200);

  @Option(
      names = "--drain-streams",
      description = "How long streams may take to end after that; default ${DEFAULT-VALUE}.")
  private Duration streams = Duration.ofMinutes(10);

  public static void main(String[] arguments) {
    // An operator that has moved is found at the next dial; a DNS that is dead forgets nobody.
    Security.setProperty("networkaddress.cache.ttl", "5");
    Security.setProperty("networkaddress.cache.negative.ttl", "1");
    Security.setProperty("networkaddress.cache.stale.ttl", "3600");
    int status =
        new CommandLine(new GatewayMain())
            .setParameterExceptionHandler((e, _) -> {
              System.err.println(e.getMessage());
              return USAGE;
            })
            .execute(arguments);
    if (status != 0) {
      System.exit(status);
    }
  }

  @Override
  public Integer call() throws InterruptedException {
    Optional<String> wrong = wrong();
    if (wrong.isPresent()) {
      System.err.println(wrong.get());
      return USAGE;
    }
    Gateway gateway;
    try {
      gateway =
          Gateway.start(
              settings(),
              new Gateway.Surroundings(
                  InstantSource.system(), System::nanoTime, new SecureRandom()));
    } catch (IOException e) {
      System.err.println(e.getMessage());
      return USAGE;
    }
    var stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  gateway.drain();
                  stopped.countDown();
                },
                "drain"));
    System.err.printf(
        "gateway %s serves on http://%s:%d, metrics on http://%s:%d/metrics%n",
        name, host, gateway.port(), host, gateway.sidePort().orElse(0));
    stopped.await();
    return 0;
  }

  private Gateway.Settings settings() {
    return new Gateway.Settings(
        name,
        new ApiServer.Listen(host, port),
        Optional.of(new ApiServer.Listen(host, metricsPort)),
        Optional.ofNullable(config),
        operators,
        propagation,
        streams,
        Gateway.version(),
        channelKeys(),
        Optional.ofNullable(lastGood));
  }

  private ChannelKeys channelKeys() {
    return new ChannelKeys(Optional.ofNullable(operatorCa), Optional.ofNullable(operatorToken));
  }

  private Optional<String> wrong() {
    Path folder = config;
    if (folder == null && operators.isEmpty()) {
      return Optional.of("Nothing to serve: name a folder with --config or an operator.");
    }
    if (folder != null && !Files.isDirectory(folder)) {
      return Optional.of("There is no folder " + folder + ": name one with --config.");
    }
    Path memory = lastGood;
    if (memory != null && !Files.isDirectory(memory)) {
      return Optional.of("There is no folder " + memory + ": name one with --last-good.");
    }
    return FleetLink.refusal(operators, channelKeys()).map(why -> "--operator: " + why + ".");
  }
}
