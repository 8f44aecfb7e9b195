package dev.changeover.operator.translate;

import dev.changeover.contract.HealthPolicy.BanProbe;
import dev.changeover.contract.Mode;
import dev.changeover.contract.ProviderType;
import dev.changeover.contract.Strategy;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The words of a resource's enumerations, and what they mean. */
final class Words {
  private Words() {}

  static Optional<ProviderType> type(String word) {
    return find(ProviderType.values(), ProviderType::word, word);
  }

  static Optional<Strategy> strategy(String word) {
    return find(Strategy.values(), Strategy::word, word);
  }

  static Optional<Mode> mode(String word) {
    return switch (word) {
      case dev.changeover.crds.Mode.ACTIVE -> Optional.of(Mode.ACTIVE);
      case dev.changeover.crds.Mode.DRAINED -> Optional.of(Mode.DRAINED);
      default -> Optional.empty(); // a newer CRD's word
    };
  }

  static Optional<BanProbe> banProbe(String word) {
    return switch (word) {
      case "Auto" -> Optional.of(BanProbe.AUTO);
      case "Never" -> Optional.of(BanProbe.NEVER);
      default -> Optional.empty(); // a newer CRD's word
    };
  }

  static String types() {
    return list(ProviderType.values());
  }

  static String strategies() {
    return list(Strategy.values());
  }

  private static <E> Optional<E> find(E[] values, Function<E, String> wordOf, String word) {
    return Arrays.stream(values).filter(value -> wordOf.apply(value).equals(word)).findFirst();
  }

  private static <E> String list(E[] values) {
    return Arrays.stream(values).map(Object::toString).collect(Collectors.joining(", "));
  }
}
