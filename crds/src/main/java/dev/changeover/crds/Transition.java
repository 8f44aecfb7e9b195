package dev.changeover.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** One change of a resource's state. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Transition(
    @Required @Timestamp @JsonPropertyDescription("When the state changed. A time of RFC 3339.")
        String time,
    @JsonPropertyDescription("The state before; none for the first.") @Nullable String from,
    @Required @JsonPropertyDescription("The state since then. Example: Banned.") String to,
    @JsonPropertyDescription("Why, in one word. Example: AccountDisabled.")
        @Nullable String reason) {

  public Transition {
    time = Absent.refused(time, "time");
    to = Absent.refused(to, "to");
  }
}
