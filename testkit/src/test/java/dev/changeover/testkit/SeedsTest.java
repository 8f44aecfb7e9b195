package dev.changeover.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SeedsTest {
  private static final String ALL = "";

  @Test
  void everyRunHasItsOwnNumbersAndTheNextTimeTheSame() {
    List<Integer> first = new ArrayList<>();
    List<Integer> second = new ArrayList<>();
    Seeds.forEach(50, ALL, random -> first.add(random.nextInt(1 << 20)));
    Seeds.forEach(50, ALL, random -> second.add(random.nextInt(1 << 20)));
    assertThat(first).isEqualTo(second).hasSize(50).doesNotHaveDuplicates();
  }

  @Test
  void neighbouringRunsDrawSmallNumbersEvenly() {
    Set<Integer> drawn = new HashSet<>();
    Seeds.forEach(50, ALL, random -> drawn.add(random.nextInt(4)));
    assertThat(drawn).hasSize(4);
  }

  @Test
  void aFailureNamesTheSeedThatReplaysIt() {
    List<Long> drawn = new ArrayList<>();
    Seeds.Property failsOnTheThird =
        random -> {
          drawn.add(random.nextLong());
          assertThat(drawn).hasSizeLessThan(3);
        };
    AssertionError failure = failureOf(ALL, failsOnTheThird);
    assertThat(failure).hasMessageContaining("run 3 of 10").hasMessageContaining("-Dseed=");
    String seed = String.valueOf(failure.getMessage()).replaceAll("(?s).*-Dseed=(-?\\d+).*", "$1");
    failureOf(seed, failsOnTheThird);
    assertThat(drawn).hasSize(4);
    assertThat(drawn.get(3)).isEqualTo(drawn.get(2));
  }

  @Test
  void noRunsProveNothing() {
    assertThatThrownBy(() -> Seeds.forEach(0, ALL, _ -> {}))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static AssertionError failureOf(String seed, Seeds.Property property) {
    try {
      Seeds.forEach(10, seed, property);
    } catch (AssertionError failure) {
      return failure;
    }
    throw new IllegalStateException("the property held");
  }
}
