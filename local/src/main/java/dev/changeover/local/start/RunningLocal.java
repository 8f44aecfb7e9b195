package dev.changeover.local.start;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.function.Function;

/** Where the API server of a running {@code local} is: a kubeconfig, named by its operator port. */
public final class RunningLocal implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 5_000;
  private final Path file;

  private RunningLocal(Path file) {
    this.file = file;
  }

  /** The file: in {@code $XDG_STATE_HOME/changeover}, or where that is by default. */
  public static Path file(Function<String, Optional<String>> environment, int operatorPort) {
    Path state =
        environment
            .apply("XDG_STATE_HOME")
            .filter(set -> !set.isEmpty())
            .map(Path::of)
            .orElseGet(() -> Path.of(environment.apply("HOME").orElse("."), ".local", "state"));
    return state.resolve("changeover").resolve("local-" + operatorPort + ".kubeconfig");
  }

  /** Says where the API server is, until this is closed. */
  public static RunningLocal announce(Path file, String server, String token)
      throws CannotStartException {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.deleteIfExists(file);
      Files.createFile(file, forItsOwnerOnly());
      Files.writeString(file, kubeconfig(server, token));
      return new RunningLocal(file);
    } catch (IOException e) {
      throw new CannotStartException(
          "%s cannot be written: make the folder writable, or set XDG_STATE_HOME to another"
              .formatted(file));
    }
  }

  private static String kubeconfig(String server, String token) {
    return """
    apiVersion: v1
    kind: Config
    clusters:
    - name: local
      cluster: {server: "%s"}
    users:
    - name: local
      user: {token: "%s"}
    contexts:
    - name: local
      context: {cluster: local, user: local, namespace: default}
    current-context: local
    """
        .formatted(server, token);
  }

  private static FileAttribute<?>[] forItsOwnerOnly() {
    boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  /** What the API server that a file names answers to a path. */
  public static String get(Path file, int operatorPort, String path) throws CannotStartException {
    try {
      JsonNode said = new ObjectMapper(new YAMLFactory()).readTree(Files.readString(file));
      String server = said.at("/clusters/0/cluster/server").asText().replaceAll("/+$", "");
      var connection = (HttpURLConnection) URI.create(server + path).toURL().openConnection();
      connection.setRequestProperty(
          "Authorization", "Bearer " + said.at("/users/0/user/token").asText());
      connection.setConnectTimeout(TIMEOUT_MILLIS);
      connection.setReadTimeout(TIMEOUT_MILLIS);
      try (var body = connection.getInputStream()) {
        return new String(body.readAllBytes(), StandardCharsets.UTF_8);
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new CannotStartException(
          ("no `changeover local` runs with operator port %d: start one with `./changeover local"
                  + " -f examples/ban-rehearsal`, or give the --operator-port of the one that runs")
              .formatted(operatorPort));
    }
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // it names a server that is gone, and `get` says so
    }
  }
}
