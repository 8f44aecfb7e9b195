package dev.changeover.operator.watch;

import dev.changeover.contract.ObjectName;
import dev.changeover.operator.model.ProviderResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Each provider as it stood when all its Secrets had been read. A provider that names another
 * Secret is shown as it stood until that Secret has its answer, so that a fault of the API server
 * takes no provider out that serves.
 */
final class StandingProviders {
  private final Function<ProviderResource, Set<ObjectName>> secretsOf;
  private Map<ObjectName, ProviderResource> standing = Map.of();

  StandingProviders(Function<ProviderResource, Set<ObjectName>> secretsOf) {
    this.secretsOf = secretsOf;
  }

  /** All whose Secrets are needed: as they were read now, and as they stood. */
  Stream<ProviderResource> with(List<ProviderResource> read) {
    return Stream.concat(
        read.stream(), read.stream().flatMap(provider -> stoodBefore(provider).stream()));
  }

  private Optional<ProviderResource> stoodBefore(ProviderResource provider) {
    return Optional.ofNullable(standing.get(provider.name()))
        .filter(before -> before.uid().equals(provider.uid()));
  }

  /** The providers as they are to be seen; empty while all wait for a Secret. */
  Optional<List<ProviderResource>> seen(List<ProviderResource> read, SecretWatch.Answers answers) {
    Set<ObjectName> known = answers.known();
    List<ProviderResource> seen = new ArrayList<>();
    Map<ObjectName, ProviderResource> next = new TreeMap<>();
    for (ProviderResource provider : read) {
      Set<ObjectName> secrets = secretsOf.apply(provider);
      List<SecretWatch.Patience> awaited =
          secrets.stream()
              .flatMap(secret -> Optional.ofNullable(answers.awaited().get(secret)).stream())
              .toList();
      Optional<ProviderResource> before = stoodBefore(provider);
      if (!awaited.isEmpty() && before.isPresent()) {
        next.put(provider.name(), before.get());
        seen.add(asItStood(provider, before.get()));
        continue;
      }
      if (awaited.contains(SecretWatch.Patience.ALL_WAIT)) {
        return Optional.empty();
      }
      if (known.containsAll(secrets)) {
        next.put(provider.name(), provider);
      }
      seen.add(provider);
    }
    standing = next;
    return Optional.of(seen);
  }

  /** The spec that stood; what a person has annotated since counts all the same. */
  private static ProviderResource asItStood(ProviderResource provider, ProviderResource before) {
    return new ProviderResource(
        provider.name(),
        provider.uid(),
        before.generation(),
        provider.created(),
        provider.annotations(),
        before.reading(),
        provider.status());
  }
}
