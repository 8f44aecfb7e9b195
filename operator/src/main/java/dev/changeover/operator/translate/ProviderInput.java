package dev.changeover.operator.translate;

import dev.changeover.crds.LlmProviderSpec;
import dev.changeover.operator.model.ClusterView;
import dev.changeover.operator.model.ProviderResource;

/** What a check of one provider may look at. */
record ProviderInput(
    ProviderResource resource, LlmProviderSpec spec, ClusterView view, Origins origins) {}
