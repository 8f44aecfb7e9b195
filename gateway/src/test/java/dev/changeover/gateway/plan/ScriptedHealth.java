package dev.changeover.gateway.plan;

import dev.changeover.contract.KeyRef;
import dev.changeover.contract.ObjectName;
import dev.changeover.contract.ProviderConfig;
import dev.changeover.gateway.health.Admission;
import dev.changeover.gateway.health.HealthView;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Health as a test says it is; what it does not mention admits. */
final class ScriptedHealth implements HealthView {
  private final Map<String, Admission> admissions = new HashMap<>();
  private final Map<String, Double> scores = new HashMap<>();
  private final Set<String> full = new HashSet<>();

  ScriptedHealth says(String provider, Admission admission) {
    admissions.put(provider, admission);
    return this;
  }

  /** Says it of one key of a provider. */
  ScriptedHealth says(String provider, KeyRef key, Admission admission) {
    admissions.put(provider + "#" + key.name(), admission);
    return this;
  }

  ScriptedHealth scores(String provider, double seconds) {
    scores.put(provider, seconds);
    return this;
  }

  ScriptedHealth fullLastResort(String provider) {
    full.add(provider);
    return this;
  }

  @Override
  public Admission admission(
      ProviderConfig provider, Optional<KeyRef> key, String model, Instant now) {
    String name = provider.name().name();
    String withKey = name + "#" + key.map(KeyRef::name).orElse("");
    Admission any = admissions.getOrDefault(name, new Admission.Admitting());
    return admissions.getOrDefault(withKey, any);
  }

  @Override
  public double latencyScore(ObjectName provider, String model, Instant now) {
    return scores.getOrDefault(provider.name(), 0.);
  }

  @Override
  public boolean lastResortFree(ObjectName provider, String model) {
    return !full.contains(provider.name());
  }
}
