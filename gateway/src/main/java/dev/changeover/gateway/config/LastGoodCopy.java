package dev.changeover.gateway.config;

import dev.changeover.contract.Bundle;
import dev.changeover.contract.HoldSet;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last good configuration and the definite holds in a folder of this gateway's own: what it
 * serves when it starts again and nobody is there who could tell it. One file, whose name holds the
 * digest over it, so that it is there whole or not at all.
 */
public final class LastGoodCopy implements AutoCloseable {
  /** Two writes are at least so far apart. */
  static final Duration PACE = Duration.ofSeconds(5);

  private static final String FILES = "last-good-*.json.gz";
  private static final Pattern NAME = Pattern.compile("last-good-([0-9a-f]{64})\\.json\\.gz");
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final Duration STOP_MAX = Duration.ofSeconds(2);
  private static final Logger LOG = LoggerFactory.getLogger(LastGoodCopy.class);

  private final Path folder;
  private final ConfigStore store;
  private final Supplier<HoldSet> fleetHolds;
  private final Consumer<HoldSet> holds;
  private final AtomicReference<Optional<Bundle>> waiting = new AtomicReference<>(Optional.empty());
  private final Semaphore changes = new Semaphore(0);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread = Thread.ofVirtual().name("last-good-copy").unstarted(this::run);
  private boolean failing;

  /**
   * A copy that is neither read nor written yet.
   *
   * @param fleetHolds the definite holds, to be written
   * @param holds takes those that were read
   */
  public LastGoodCopy(
      Path folder, ConfigStore store, Supplier<HoldSet> fleetHolds, Consumer<HoldSet> holds) {
    this.folder = folder;
    this.store = store;
    this.fleetHolds = fleetHolds;
    this.holds = holds;
  }

  /** Offers what an earlier life left, and writes from now on what is applied. */
  public void start() {
    newest().ifPresent(this::restore);
    store.onApplied(bundle -> {
      if (bundle.revision().epoch() > 0) { // a folder written by hand is its own copy
        waiting.set(Optional.of(bundle));
        changes.release();
      }
    });
    thread.start();
  }

  /** Has the copy written anew, with the holds of then. */
  public void holdsChanged() {
    changes.release();
  }

  /** Writes what still waits. */
  @Override
  public void close() {
    closed.countDown();
    changes.release();
    try {
      boolean _ = thread.join(STOP_MAX);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void restore(Bundle bundle) {
    holds.accept(bundle.holds());
    if (store.offer(bundle.revision(), bundle.fleet(), bundle.credentials())
        instanceof Taken.Applied) {
      LOG.atInfo().addKeyValue("revision", bundle.revision()).log("last good copy applied");
    }
  }

  private void run() {
    try {
      do {
        changes.acquire();
        int _ = changes.drainPermits();
        writeSafely();
      } while (!closed.await(PACE.toNanos(), TimeUnit.NANOSECONDS));
      if (changes.tryAcquire()) {
        writeSafely();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void writeSafely() {
    Optional<Bundle> next = waiting.getAndSet(Optional.empty());
    try {
      next.or(this::newest).ifPresent(this::write);
      failing = false;
    } catch (RuntimeException e) { // this is the outermost loop of the copy's thread
      waiting.compareAndSet(Optional.empty(), next);
      changes.release();
      if (!failing) {
        failing = true;
        LOG.atWarn()
            .addKeyValue("folder", folder)
            .addKeyValue("fault", e.getMessage())
            .log("last good copy not written; it is tried again");
      }
    }
  }

  private void write(Bundle bundle) {
    Map<String, byte[]> files =
        new Bundle(bundle.revision(), bundle.fleet(), bundle.credentials(), fleetHolds.get())
            .encode();
    byte[] document = Objects.requireNonNull(files.get(Bundle.DOCUMENT));
    byte[] digest = Objects.requireNonNull(files.get(Bundle.DIGEST));
    Path target =
        folder.resolve(
            "last-good-%s.json.gz".formatted(new String(digest, StandardCharsets.US_ASCII)));
    try {
      if (!Files.exists(target)) {
        Path fresh = Files.createTempFile(folder, "last-good-", ".tmp", OWNER_ONLY);
        try {
          Files.write(fresh, document);
          Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
          Files.deleteIfExists(fresh); // it is gone, unless the volume is full
        }
        removeOthers(target);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e.getClass().getSimpleName(), e);
    }
  }

  private void removeOthers(Path kept) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "last-good-*")) {
      for (Path file : files) {
        if (!file.equals(kept)) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  /** Read anew rather than kept: a large configuration is not in memory twice. */
  private Optional<Bundle> newest() {
    Optional<Bundle> newest = Optional.empty();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, FILES)) {
      for (Path file : files) {
        newest =
            Stream.concat(newest.stream(), read(file).stream())
                .max(Comparator.comparing(Bundle::revision));
      }
    } catch (IOException e) {
      LOG.atWarn()
          .addKeyValue("folder", folder)
          .addKeyValue("fault", e.getClass().getSimpleName())
          .log("last good copy cannot be looked for");
    }
    return newest;
  }

  /** What is damaged is no news. */
  private static Optional<Bundle> read(Path file) {
    Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
    if (!name.matches()) {
      return Optional.empty();
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] document = in.readNBytes(ConfigFolder.FILE_BYTES_MAX);
      byte[] digest = name.group(1).getBytes(StandardCharsets.US_ASCII);
      return Optional.of(Bundle.decode(Map.of(Bundle.DOCUMENT, document, Bundle.DIGEST, digest)));
    } catch (IOException | IllegalArgumentException e) {
      LOG.atWarn()
          .addKeyValue("file", file)
          .addKeyValue("fault", e.getClass().getSimpleName())
          .log("last good copy is damaged; it is no news");
      return Optional.empty();
    }
  }
}
