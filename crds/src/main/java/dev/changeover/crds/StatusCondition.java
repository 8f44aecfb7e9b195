package dev.changeover.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** One condition of a resource, in the form that all of Kubernetes uses. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StatusCondition(
    @Required
        @Size(min = 1, max = 316)
        @JsonPropertyDescription("What the condition is about. Example: Ready.")
        String type,
    @Required
        @OneOf({"True", "False", "Unknown"})
        @JsonPropertyDescription("True, False or Unknown.")
        String status,
    @Required
        @Size(min = 1, max = 1024)
        @Pattern("^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$")
        @JsonPropertyDescription("Why, in one word. Example: SecretNotFound.")
        String reason,
    @Required
        @Size(max = 32_768)
        @JsonPropertyDescription("Why, and what to do about it, in a sentence.")
        String message,
    @Required @Timestamp @JsonPropertyDescription("When status last changed. A time of RFC 3339.")
        String lastTransitionTime,
    @Min(0) @JsonPropertyDescription("The generation of the spec that the condition speaks of.")
        @Nullable Long observedGeneration) {

  public StatusCondition {
    type = Absent.refused(type, "type");
    status = Absent.refused(status, "status");
    reason = Absent.refused(reason, "reason");
    message = Absent.refused(message, "message");
    lastTransitionTime = Absent.refused(lastTransitionTime, "lastTransitionTime");
  }
}
