package dev.changeover.operator.status;

import dev.changeover.contract.Hold;
import dev.changeover.contract.HoldKey;
import dev.changeover.contract.HoldSet;
import dev.changeover.contract.ObjectName;
import dev.changeover.contract.Reason;
import dev.changeover.operator.model.ProviderKey;
import dev.changeover.operator.model.ProviderModel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** A hold in force, and what it covers. */
record Held(HoldKey key, Hold hold) {
  private static final Comparator<Held> BY_END =
      Comparator.comparing(held -> held.hold().until().orElse(Instant.MAX));

  /** The hold that keeps one gateway from using anything of a provider. */
  static Optional<Held> whole(Pass pass, HoldSet view, ProviderModel provider) {
    Optional<Held> ofProvider = news(pass, view, new HoldKey.OfProvider(provider.name()), provider);
    return ofProvider
        .or(() -> allKeys(pass, view, provider))
        .or(() -> allModels(pass, view, provider));
  }

  /** The hold that keeps one gateway from using one model of a provider. */
  static Optional<Held> target(Pass pass, HoldSet view, ProviderModel provider, String model) {
    Optional<Held> ofProvider = news(pass, view, new HoldKey.OfProvider(provider.name()), provider);
    return ofProvider
        .or(() -> allKeys(pass, view, provider))
        .or(() -> news(pass, view, new HoldKey.OfModel(provider.name(), model), provider));
  }

  /** The first hold of a single key or of a model in use, if any. */
  static Optional<Held> part(Pass pass, HoldSet view, ProviderModel provider) {
    List<HoldKey> parts = new ArrayList<>();
    provider.keys().forEach(key -> parts.add(credential(provider.name(), key)));
    pass.models(provider.name())
        .forEach(model -> parts.add(new HoldKey.OfModel(provider.name(), model)));
    return parts.stream().flatMap(part -> news(pass, view, part, provider).stream()).findFirst();
  }

  /** With every key held the account is out until the first comes back. */
  private static Optional<Held> allKeys(Pass pass, HoldSet view, ProviderModel provider) {
    List<HoldKey> keys =
        provider.keys().stream().map(key -> credential(provider.name(), key)).toList();
    return all(pass, view, provider, keys);
  }

  private static Optional<Held> allModels(Pass pass, HoldSet view, ProviderModel provider) {
    List<HoldKey> models =
        pass.models(provider.name()).stream()
            .<HoldKey>map(model -> new HoldKey.OfModel(provider.name(), model))
            .toList();
    return all(pass, view, provider, models);
  }

  private static Optional<Held> all(
      Pass pass, HoldSet view, ProviderModel provider, List<HoldKey> keys) {
    List<Held> held =
        keys.stream().flatMap(key -> news(pass, view, key, provider).stream()).toList();
    return held.size() < keys.size() ? Optional.empty() : held.stream().min(BY_END);
  }

  private static HoldKey credential(ObjectName provider, ProviderKey key) {
    return new HoldKey.OfCredential(provider, key.ref().keyId());
  }

  /** A key's hold, if it changes a state. */
  private static Optional<Held> news(Pass pass, HoldSet view, HoldKey key, ProviderModel provider) {
    return inForce(pass, view, key, provider)
        .filter(held -> pass.health().isNews(key, held.hold(), pass.now()));
  }

  /** A key's hold in force; one against a fingerprint that is gone is over. */
  static Optional<Held> inForce(Pass pass, HoldSet view, HoldKey key, ProviderModel provider) {
    HoldSet.Entry entry = view.entries().get(key);
    if (entry == null) {
      return Optional.empty();
    }
    return entry.holds().stream()
        .filter(hold -> hold.lasts(pass.now()))
        .filter(hold -> !isOutdated(hold, provider))
        .findFirst()
        .map(hold -> new Held(key, hold));
  }

  private static boolean isOutdated(Hold hold, ProviderModel provider) {
    boolean endsWithTheSpec =
        hold.reason() == Reason.ACCESS_DENIED || hold.reason() == Reason.MODEL_NOT_FOUND;
    return endsWithTheSpec
        && !hold.fingerprint().isEmpty()
        && !hold.fingerprint().equals(provider.fingerprint());
  }
}
