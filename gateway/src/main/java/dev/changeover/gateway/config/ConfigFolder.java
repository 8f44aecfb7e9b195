package dev.changeover.gateway.config;

import com.fasterxml.jackson.databind.JsonNode;
import dev.changeover.contract.Bundle;
import dev.changeover.contract.ContractJson;
import dev.changeover.contract.Credentials;
import dev.changeover.contract.HoldSet;
import dev.changeover.contract.Revision;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder that configuration is read from: an operator's {@link Bundle}, or {@value #CONFIG} with
 * {@value #CREDENTIALS} and {@value #HOLDS} beside it, as {@link HandWritten} reads them.
 *
 * <p>The folder is looked at again and again. What changed is taken once it has stopped changing,
 * whole or not at all; what cannot be read is said once, and the last good configuration serves on.
 */
public final class ConfigFolder implements AutoCloseable {
  public static final String CONFIG = "config.json";
  public static final String CREDENTIALS = "credentials.json";
  public static final String HOLDS = "holds.json";

  /** Between two looks; a change is taken after at most two. */
  static final Duration LOOK_INTERVAL = Duration.ofMillis(250);

  /** What could not be read is tried again after so many looks, though nothing has changed. */
  static final int RETRY_LOOKS = 20;

  /** What cannot be used and is named in the log; of more, the number. */
  static final int UNUSABLE_SHOWN_MAX = 10;

  /** The largest file that is read. */
  static final int FILE_BYTES_MAX = 64 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(ConfigFolder.class);
  private static final List<String> FILES =
      List.of(Bundle.DOCUMENT, Bundle.DIGEST, CONFIG, CREDENTIALS, HOLDS);

  /** What one look found. */
  public sealed interface Look {
    record Unchanged() implements Look {}

    /** It is being written, or was changed since the last look: wait for the next. */
    record Changing() implements Look {}

    /** Nothing that could be read is there. */
    record Nothing() implements Look {}

    /**
     * It was understood.
     *
     * @param remarks what of a hand-written folder no one can use, and why
     */
    record Offered(Taken taken, List<String> remarks) implements Look {
      public Offered {
        remarks = List.copyOf(remarks);
      }
    }

    /** It cannot be read; the last good configuration serves on. */
    record Refused(String reason) implements Look {}
  }

  private final Path folder;
  private final ConfigStore store;
  private final Consumer<HoldSet> holds;
  private final ScheduledExecutorService looks =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofVirtual().name("config-folder").factory());
  private String stampSeen = "";
  private String stampTaken = "";
  private String refusal = "";
  private int looksUntilRetry;
  private long edits;

  /**
   * A folder that is not looked at yet.
   *
   * @param holds takes the definite holds that the folder tells
   */
  public ConfigFolder(Path folder, ConfigStore store, Consumer<HoldSet> holds) {
    this.folder = folder;
    this.store = store;
    this.holds = holds;
  }

  /** Reads the folder now, and again after each change until it is closed. */
  public Look start() {
    Look first = read(stamp());
    long interval = LOOK_INTERVAL.toMillis();
    var _ =
        looks.scheduleWithFixedDelay(this::lookSafely, interval, interval, TimeUnit.MILLISECONDS);
    return first;
  }

  private void lookSafely() {
    try {
      look();
    } catch (RuntimeException e) { // this is the outermost loop of the folder's thread
      LOG.atError().addKeyValue("folder", folder).setCause(e).log("configuration look failed");
    }
  }

  /** Looks once: takes what has changed, if it has stopped changing. */
  synchronized Look look() {
    String stamp = stamp();
    if (stamp.equals(stampTaken)) {
      looksUntilRetry--;
      return refusal.isEmpty() || looksUntilRetry > 0 ? new Look.Unchanged() : read(stamp);
    }
    if (!stamp.equals(stampSeen)) {
      stampSeen = stamp;
      return new Look.Changing();
    }
    return read(stamp);
  }

  private synchronized Look read(String stamp) {
    Found found = found();
    if (!stamp.equals(stamp())) {
      return new Look.Changing(); // what was read may be half of each; the next look sees it whole
    }
    String refusalBefore = stamp.equals(stampTaken) ? refusal : "";
    stampSeen = stamp;
    stampTaken = stamp;
    refusal = "";
    return switch (found) {
      case Found.Missing _ -> nothing();
      case Found.Unreadable(String reason) -> {
        refusal = reason;
        looksUntilRetry = RETRY_LOOKS;
        yield reason.equals(refusalBefore) ? new Look.Refused(reason) : refused(reason);
      }
      case Found.Ready ready -> offer(ready);
    };
  }

  private Look offer(Found.Ready ready) {
    holds.accept(ready.holds());
    Taken taken = store.offer(ready.revision(), ready.fleet(), ready.credentials());
    switch (taken) {
      case Taken.Applied applied -> applied(applied, ready.remarks());
      case Taken.Older _ -> {} // an operator was faster
      case Taken.Rejected(String reason) -> refused(reason);
    }
    return new Look.Offered(taken, ready.remarks());
  }

  private static void applied(Taken.Applied applied, List<String> remarks) {
    List<String> unusable =
        Stream.concat(
                applied.unusable().stream()
                    .map(it -> it.kind() + " " + it.name() + ": " + it.message()),
                remarks.stream())
            .toList();
    LOG.atInfo()
        .addKeyValue("revision", applied.revision())
        .addKeyValue("unusable", unusable.size())
        .log("configuration folder applied");
    if (!unusable.isEmpty()) {
      LOG.atWarn()
          .addKeyValue("unusable", shown(unusable))
          .log("configuration folder has what cannot be used");
    }
  }

  static String shown(List<String> unusable) {
    String first = unusable.stream().limit(UNUSABLE_SHOWN_MAX).collect(Collectors.joining("; "));
    int more = unusable.size() - UNUSABLE_SHOWN_MAX;
    return more > 0 ? first + "; and " + more + " more" : first;
  }

  private Look nothing() {
    LOG.atWarn().addKeyValue("folder", folder).log("configuration folder is empty");
    return new Look.Nothing();
  }

  private Look refused(String reason) {
    LOG.atError()
        .addKeyValue("folder", folder)
        .addKeyValue("reason", reason)
        .log("configuration folder refused, the last good configuration stays");
    return new Look.Refused(reason);
  }

  private sealed interface Found {
    record Missing() implements Found {}

    record Unreadable(String reason) implements Found {}

    record Ready(
        Revision revision,
        JsonNode fleet,
        Credentials credentials,
        HoldSet holds,
        List<String> remarks)
        implements Found {}
  }

  private Found found() {
    try {
      return understood(files());
    } catch (IOException e) {
      return new Found.Unreadable("it cannot be read: " + e.getClass().getSimpleName());
    } catch (IllegalArgumentException e) {
      return new Found.Unreadable(String.valueOf(e.getMessage()));
    }
  }

  private Map<String, byte[]> files() throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    for (String name : FILES) {
      content(name).ifPresent(bytes -> files.put(name, bytes));
    }
    return files;
  }

  private Found understood(Map<String, byte[]> files) {
    if (files.containsKey(Bundle.DOCUMENT) || files.containsKey(Bundle.DIGEST)) {
      Bundle bundle = Bundle.decode(files);
      return new Found.Ready(
          bundle.revision(), bundle.fleet(), bundle.credentials(), bundle.holds(), List.of());
    }
    byte[] config = files.get(CONFIG);
    return config == null ? new Found.Missing() : handWritten(config, files);
  }

  private Found.Ready handWritten(byte[] config, Map<String, byte[]> files) {
    Credentials credentials =
        document(files, CREDENTIALS, Credentials.class).orElse(Credentials.NONE);
    HoldSet told = document(files, HOLDS, HoldSet.class).orElse(HoldSet.EMPTY);
    HandWritten.Meant meant =
        named(CONFIG, () -> HandWritten.read(ContractJson.parse(text(config)), credentials));
    // Any revision of an operator is newer than any edit of a folder, whose epoch is 0.
    edits++;
    return new Found.Ready(
        new Revision(0, edits), meant.fleet(), meant.credentials(), told, meant.remarks());
  }

  private static <T> Optional<T> document(Map<String, byte[]> files, String name, Class<T> type) {
    return Optional.ofNullable(files.get(name))
        .map(bytes -> named(name, () -> ContractJson.read(text(bytes), type)));
  }

  /** What a file's reading gives; a refusal names the file. */
  private static <T> T named(String file, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private Optional<byte[]> content(String name) throws IOException {
    try (InputStream in = Files.newInputStream(folder.resolve(name))) {
      byte[] bytes = in.readNBytes(FILE_BYTES_MAX + 1);
      if (bytes.length > FILE_BYTES_MAX) {
        throw new IllegalArgumentException(name + " is larger than its bound");
      }
      return Optional.of(bytes);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** What the files look like from outside; links are followed, so a swapped one shows. */
  private String stamp() {
    StringBuilder stamp = new StringBuilder();
    for (String name : FILES) {
      try {
        BasicFileAttributes file =
            Files.readAttributes(folder.resolve(name), BasicFileAttributes.class);
        stamp.append(name).append(' ').append(file.fileKey()).append(' ');
        stamp.append(file.lastModifiedTime()).append(' ').append(file.size()).append('\n');
      } catch (IOException e) {
        stamp.append(name).append(" absent\n");
      }
    }
    return stamp.toString();
  }

  @Override
  public void close() {
    looks.shutdownNow();
  }
}
