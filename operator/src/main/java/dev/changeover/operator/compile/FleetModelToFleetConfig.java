package dev.changeover.operator.compile;

import dev.changeover.contract.ApiKey;
import dev.changeover.contract.ContractJson;
import dev.changeover.contract.ContractVersion;
import dev.changeover.contract.Credentials;
import dev.changeover.contract.FleetConfig;
import dev.changeover.contract.ProviderConfig;
import dev.changeover.operator.model.FleetModel;
import dev.changeover.operator.model.ProviderModel;
import dev.changeover.operator.model.ResourceRef;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The step from what is meant to what is told. */
public final class FleetModelToFleetConfig {
  private FleetModelToFleetConfig() {}

  /** The configuration, its keys and its digests. */
  public static Compiled compile(FleetModel model) {
    List<ProviderConfig> providers =
        model.providers().values().stream().map(ProviderModel::config).toList();
    var config =
        new FleetConfig(
            ContractVersion.CURRENT,
            model.defaultNamespace(),
            providers,
            List.copyOf(model.routes().values()));
    return new Compiled(config, credentials(model), digests(config));
  }

  private static Credentials credentials(FleetModel model) {
    TreeMap<String, ApiKey> keys = new TreeMap<>();
    model
        .providers()
        .values()
        .forEach(
            provider -> provider.keys().forEach(key -> keys.put(key.ref().keyId(), key.key())));
    return Credentials.of(keys);
  }

  private static SortedMap<ResourceRef, String> digests(FleetConfig config) {
    TreeMap<ResourceRef, String> digests = new TreeMap<>();
    config
        .providers()
        .forEach(provider -> digests.put(ResourceRef.provider(provider.name()), digest(provider)));
    config.routes().forEach(route -> digests.put(ResourceRef.route(route.name()), digest(route)));
    return digests;
  }

  private static String digest(Object value) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      byte[] text = ContractJson.write(value).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(sha256.digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
