package dev.changeover.operator.status;

import dev.changeover.operator.health.FleetHealth;
import dev.changeover.operator.model.ClusterView;
import dev.changeover.operator.model.RuleReport;
import dev.changeover.operator.translate.Translation;
import java.time.Instant;

/** All that a pass knows when it says how things are. */
public record StatusInput(
    ClusterView view, Translation translation, FleetHealth health, RuleReport rules, Instant now) {}
