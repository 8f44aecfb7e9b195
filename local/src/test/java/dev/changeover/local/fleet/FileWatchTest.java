package dev.changeover.local.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.changeover.local.resources.ResourceReading;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class FileWatchTest {
  @Test
  void whatCannotBeAppliedIsSaidOnceAndTriedAgainUntilItCan() {
    var said = new CopyOnWriteArrayList<String>();
    var tries = new AtomicInteger();
    try (var _ =
        FileWatch.start(
            () -> new ResourceReading.Accepted(List.of()),
            new ResourceReading.Refused("at first"),
            _ -> {
              if (tries.incrementAndGet() < 3) {
                throw new IllegalStateException("the API server is busy");
              }
              return new AppliedChange(List.of("LlmRoute default/a"), List.of(), List.of());
            },
            said::add)) {
      await().until(() -> said.size() == 2);
    }
    assertThat(said)
        .containsExactly(
            "the files are not applied, which is tried again: see the log",
            "added LlmRoute default/a");
    assertThat(tries).hasValue(3);
  }
}
