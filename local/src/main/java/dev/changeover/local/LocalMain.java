package dev.changeover.local;

import dev.changeover.local.fleet.Ports;
import dev.changeover.local.start.CannotStartException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** The commands that need one machine only: local, demo, get and simulate. */
@Command(
    name = "changeover",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "(local | demo | get | simulate)",
    description = "Operator, gateways, an embedded API server and simulated providers.")
public final class LocalMain {
  private static final int REFUSED = 2;
  private static final String LOG_CONFIGURATION = "logback.configurationFile";

  private final Terminal terminal;

  LocalMain(Terminal terminal) {
    this.terminal = terminal;
  }

  /** The entry of all commands. */
  public static void main(String[] arguments) {
    if (System.getProperty(LOG_CONFIGURATION) == null) {
      System.setProperty(LOG_CONFIGURATION, "dev/changeover/local/logback.xml");
    }
    var terminal =
        new Terminal(
            System.in,
            System.out,
            System.err,
            name -> Optional.ofNullable(System.getenv(name)),
            InstantSource.system(),
            System::nanoTime);
    System.exit(run(terminal, arguments));
  }

  /** Runs a command and returns its exit status. */
  static int run(Terminal terminal, String... arguments) {
    return new CommandLine(new LocalMain(terminal))
        .setParameterExceptionHandler((e, _) -> refused(terminal, e))
        .setExecutionExceptionHandler((e, _, _) -> failed(terminal, e))
        .setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .execute(arguments);
  }

  private static int refused(Terminal terminal, ParameterException e) {
    CommandSpec command = e.getCommandLine().getCommandSpec();
    terminal
        .err()
        .printf(
            "changeover: %s; ./%s --help lists the options%n",
            String.valueOf(e.getMessage()).lines().findFirst().orElse(""), command.qualifiedName());
    return REFUSED;
  }

  private static int failed(Terminal terminal, Exception e) throws Exception {
    if (e instanceof CannotStartException refusal) {
      terminal.err().println("changeover: " + refusal.sentence());
      return REFUSED;
    }
    throw e; // a mistake of our own
  }

  @Command(
      name = "local",
      mixinStandardHelpOptions = true,
      description = "Operator, gateways and an embedded API server in one process, on loopback.")
  int local(
      @Option(
              names = {"-f", "--file"},
              required = true,
              paramLabel = "FILE|DIR",
              description = "resources, as YAML or JSON: LlmProvider, LlmRoute, Secret")
          Path file,
      @Option(
              names = "--port",
              paramLabel = "PORT",
              defaultValue = "8080",
              description =
                  "of the first gateway, the next has the next; default: ${DEFAULT-VALUE}")
          int port,
      @Option(
              names = "--gateways",
              paramLabel = "N",
              defaultValue = "2",
              description = "how many; default: ${DEFAULT-VALUE}")
          int gateways,
      @Option(
              names = "--operator-port",
              paramLabel = "PORT",
              defaultValue = "9090",
              description = "of all metrics and of health; default: ${DEFAULT-VALUE}")
          int operatorPort)
      throws CannotStartException, InterruptedException {
    return new LocalCommand(file, new Ports(port, gateways, operatorPort)).run(terminal);
  }

  @Command(
      name = "demo",
      mixinStandardHelpOptions = true,
      description = "A ban while requests are in flight, shown as it happens; needs no key.")
  int demo(
      @Option(
              names = "--failover",
              paramLabel = "on|off",
              defaultValue = "on",
              description = "off: no request may fail over, and what that loses is counted")
          Switch failover,
      @Option(
              names = "--requests",
              paramLabel = "N",
              defaultValue = "2000",
              description = "how many; default: ${DEFAULT-VALUE}")
          int requests)
      throws CannotStartException, InterruptedException {
    return new DemoCommand(requests, failover == Switch.ON).run(terminal);
  }

  /** Whether something is done. */
  enum Switch {
    ON,
    OFF
  }

  @Command(
      name = "get",
      mixinStandardHelpOptions = true,
      description = "Shows resources of a running `local`, as kubectl would.")
  int get(
      @Parameters(
              index = "0",
              paramLabel = "KIND",
              description = "llmproviders (llmp), llmroutes (llmr), events or rules")
          String kind,
      @Parameters(
              index = "1",
              arity = "0..1",
              paramLabel = "NAME",
              defaultValue = "",
              description = "one resource; default: all")
          String name,
      @Option(
              names = {"-o", "--output"},
              paramLabel = "wide|yaml",
              defaultValue = "",
              description = "more columns, or the whole resources")
          String output,
      @Option(
              names = {"-n", "--namespace"},
              paramLabel = "NAMESPACE",
              defaultValue = "default",
              description = "default: ${DEFAULT-VALUE}")
          String namespace,
      @Option(
              names = {"-A", "--all-namespaces"},
              description = "in every namespace")
          boolean everywhere,
      @Option(
              names = "--operator-port",
              paramLabel = "PORT",
              defaultValue = "9090",
              description = "the one that `local` was given; default: ${DEFAULT-VALUE}")
          int operatorPort)
      throws CannotStartException {
    return GetCommand.parse(kind, name, output, everywhere ? "" : namespace, operatorPort)
        .run(terminal);
  }

  @Command(
      name = "simulate",
      mixinStandardHelpOptions = true,
      description = "Two simulated providers for examples/ban-rehearsal; say ban, lift or quit.")
  int simulate(
      @Option(
              names = "--anthropic-port",
              paramLabel = "PORT",
              defaultValue = "9101",
              description = "default: ${DEFAULT-VALUE}")
          int anthropicPort,
      @Option(
              names = "--openai-port",
              paramLabel = "PORT",
              defaultValue = "9102",
              description = "default: ${DEFAULT-VALUE}")
          int openAiPort)
      throws CannotStartException, InterruptedException {
    return new SimulateCommand(anthropicPort, openAiPort).run(terminal);
  }
}
