package dev.changeover.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.changeover.contract.ApiKey;
import dev.changeover.contract.ContractJson;
import dev.changeover.contract.Credentials;
import dev.changeover.contract.Evidence;
import dev.changeover.contract.FleetConfig;
import dev.changeover.contract.Hold;
import dev.changeover.contract.HoldKey;
import dev.changeover.contract.HoldSet;
import dev.changeover.contract.Reason;
import dev.changeover.contract.Revision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LastGoodCopyTest {
  private static final HoldKey ACME = HoldKey.parse("default/acme");
  private static final HoldSet BANNED =
      HoldSet.EMPTY.held(
          ACME,
          new Hold(
              Reason.ACCOUNT_DISABLED,
              Instant.parse("2026-01-01T12:00:00Z"),
              Optional.empty(),
              0,
              Evidence.NONE,
              ""));

  @TempDir Path folder;

  /** One life of a gateway, as far as its configuration goes. */
  private final class Life implements AutoCloseable {
    private final ConfigStore store = new ConfigStore();
    private final List<HoldSet> heard = new ArrayList<>();
    private volatile HoldSet holds = HoldSet.EMPTY;
    private final LastGoodCopy copy = new LastGoodCopy(folder, store, () -> holds, heard::add);

    Life() {
      copy.start();
    }

    Taken told(Revision revision) {
      return store.offer(
          revision,
          ContractJson.tree(FleetConfig.empty("default")),
          Credentials.of(Map.of("0123456789ab", new ApiKey("sk-canary"))));
    }

    @Override
    public void close() {
      copy.close();
    }
  }

  @Test
  void aGatewayStartsFromItsCopyAlone() throws IOException {
    try (var first = new Life()) {
      first.holds = BANNED;
      first.told(new Revision(1, 1));
      await().until(() -> files().size() == 1);
      assertThat(Files.getPosixFilePermissions(files().getFirst()))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }
    try (var second = new Life()) {
      assertThat(second.store.current().revision()).isEqualTo(new Revision(1, 1));
      assertThat(second.heard).containsExactly(BANNED);
    }
  }

  @Test
  void theLastOfManyIsWrittenAtTheLatestWhenItStops() throws IOException {
    try (var first = new Life()) {
      for (int counter = 1; counter <= 100; counter++) {
        first.told(new Revision(1, counter));
      }
    }
    assertThat(files()).hasSize(1);
    try (var second = new Life()) {
      assertThat(second.store.current().revision()).isEqualTo(new Revision(1, 100));
    }
  }

  @Test
  void newHoldsAreWrittenWithTheConfigurationThatServes() {
    try (var first = new Life()) {
      first.told(new Revision(1, 1));
      await().until(() -> files().size() == 1);
      first.holds = BANNED;
      first.copy.holdsChanged();
    }
    try (var second = new Life()) {
      assertThat(second.store.current().revision()).isEqualTo(new Revision(1, 1));
      assertThat(second.heard).containsExactly(BANNED);
    }
  }

  @Test
  void whatIsDamagedIsNoNews() throws IOException {
    try (var first = new Life()) {
      first.told(new Revision(1, 1));
    }
    Path file = files().getFirst();
    byte[] whole = Files.readAllBytes(file);
    for (int length : new int[] {0, 1, whole.length / 2, whole.length - 1}) {
      Files.write(file, Arrays.copyOf(whole, length));
      try (var second = new Life()) {
        assertThat(second.store.hasConfig()).isFalse();
        assertThat(second.heard).isEmpty();
      }
    }
    Files.writeString(folder.resolve("last-good-nonsense.json.gz"), "nonsense");
    Files.write(file, whole);
    try (var second = new Life()) {
      assertThat(second.store.hasConfig()).isTrue();
    }
  }

  @Test
  void aNewerConfigurationTakesItsPlaceAndAnOlderDoesNot() {
    try (var first = new Life()) {
      first.told(new Revision(2, 5));
    }
    try (var second = new Life()) {
      assertThat(second.told(new Revision(2, 4))).isEqualTo(new Taken.Older(new Revision(2, 5)));
      assertThat(second.told(new Revision(3, 1))).isInstanceOf(Taken.Applied.class);
    }
    try (var third = new Life()) {
      assertThat(third.store.current().revision()).isEqualTo(new Revision(3, 1));
    }
  }

  @Test
  void aFolderWrittenByHandIsItsOwnCopy() throws IOException {
    try (var first = new Life()) {
      first.told(new Revision(0, 7));
    }
    assertThat(files()).isEmpty();
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".json.gz")).toList();
    }
  }
}
