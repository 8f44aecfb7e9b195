package dev.changeover.gateway.plan;

import dev.changeover.contract.ProviderConfig;
import dev.changeover.contract.TargetConfig;
import java.util.Optional;

/**
 * A target together with its provider.
 *
 * @param provider empty if the configuration has none that can be called
 */
public record Candidate(TargetConfig target, Optional<ProviderConfig> provider) {}
