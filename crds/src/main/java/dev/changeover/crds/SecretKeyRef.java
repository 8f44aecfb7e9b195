package dev.changeover.crds;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** One key of a Secret in the resource's own namespace. */
public record SecretKeyRef(
    @Required
        @Size(min = 1, max = 253)
        @Pattern(Names.SUBDOMAIN)
        @JsonPropertyDescription(
            "Name of a Secret in the namespace of this resource. Required. Example: anthropic.")
        String name,
    @Required
        @Size(min = 1, max = 253)
        @Pattern("^[-._a-zA-Z0-9]+$")
        @JsonPropertyDescription(
            "Key of the Secret's data that holds the value. Required. Example: api-key.")
        String key) {

  public SecretKeyRef {
    name = Absent.refused(name, "name");
    key = Absent.refused(key, "key");
  }
}
