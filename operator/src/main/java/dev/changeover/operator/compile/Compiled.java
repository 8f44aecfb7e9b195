package dev.changeover.operator.compile;

import dev.changeover.contract.Credentials;
import dev.changeover.contract.FleetConfig;
import dev.changeover.operator.model.ResourceRef;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A configuration ready to be published.
 *
 * @param digests what the configuration says of each object, hashed: an object has changed exactly
 *     when its digest has
 */
public record Compiled(
    FleetConfig config, Credentials credentials, SortedMap<ResourceRef, String> digests) {
  public Compiled {
    digests = Collections.unmodifiableSortedMap(new TreeMap<>(digests));
  }
}
