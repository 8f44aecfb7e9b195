package dev.changeover.gateway.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.changeover.contract.ApiKey;
import dev.changeover.contract.ContractJson;
import dev.changeover.contract.ContractVersion;
import dev.changeover.contract.Credentials;
import dev.changeover.contract.KeyRef;
import dev.changeover.contract.ObjectName;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The contract's configuration as a person writes it, filled in where it is shorter than what an
 * operator writes; what is there already stays.
 *
 * <ul>
 *   <li>{@code contract} may be missing: it is ours.
 *   <li>Names without a namespace are in {@code defaultNamespace}.
 *   <li>{@code baseUrl} may be missing for OpenAI and Anthropic.
 *   <li>{@code keys} are names, such as {@code ["main"]}; the keys themselves are in the
 *       credentials as {@code provider/main} or {@code namespace/provider/main}.
 *   <li>A target needs its provider and its model; {@code state} and {@code name} follow from them.
 *   <li>Durations may be written {@code 30s}, {@code 500ms}, {@code 2m} or {@code 1h}.
 * </ul>
 */
final class HandWritten {
  private static final Map<String, String> USUAL_ORIGINS =
      Map.of("OpenAI", "https://api.openai.com/v1", "Anthropic", "https://api.anthropic.com");
  private static final Pattern SHORT_DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");
  private static final Pattern KEY_ID = Pattern.compile("[0-9a-f]{12}");
  private static final int FINGERPRINT_BYTES = 8;

  /**
   * A configuration and its keys as an operator would have written them.
   *
   * @param remarks what was written and is of no use, and why
   */
  record Meant(JsonNode fleet, Credentials credentials, List<String> remarks) {
    Meant {
      remarks = List.copyOf(remarks);
    }
  }

  private final String defaultNamespace;
  private final Map<String, ApiKey> written;
  private final Map<String, ApiKey> meant = new TreeMap<>();
  private final Set<String> providers = new HashSet<>();
  private final Map<String, String> keyless = new HashMap<>();
  private final Set<String> unused = new TreeSet<>();
  private final List<String> remarks = new ArrayList<>();

  private HandWritten(String defaultNamespace, Map<String, ApiKey> written) {
    this.defaultNamespace = defaultNamespace;
    this.written = written;
    written.forEach((name, key) -> {
      if (KEY_ID.matcher(name).matches()) {
        meant.put(name, key);
      } else {
        unused.add(name);
      }
    });
  }

  static Meant read(JsonNode document, Credentials written) {
    if (!(document instanceof ObjectNode whole)) {
      throw new IllegalArgumentException("a configuration is a JSON object");
    }
    ObjectNode fleet = whole.deepCopy();
    if (!fleet.has("contract")) {
      fleet.put("contract", ContractVersion.CURRENT.toString());
    }
    String namespace = fleet.path("defaultNamespace").asText("default");
    var reader = new HandWritten(namespace, written.keys());
    fleet.path("providers").forEach(reader::fillProvider);
    fleet.path("routes").forEach(reader::fillRoute);
    reader.remarkNameless(fleet, "providers");
    reader.remarkNameless(fleet, "routes");
    reader.unused.forEach(
        name -> reader.remarks.add(ConfigFolder.CREDENTIALS + ": no provider has a key " + name));
    return new Meant(fleet, Credentials.of(reader.meant), reader.remarks);
  }

  /** Names those objects that the contract's own reading could only pass over. */
  private void remarkNameless(ObjectNode fleet, String list) {
    int index = 0;
    for (JsonNode node : fleet.path(list)) {
      try {
        ObjectName.parse(node.path("name").asText());
      } catch (IllegalArgumentException e) {
        remarks.add(list + "[" + index + "] has no name that can be used");
      }
      index++;
    }
  }

  private void fillProvider(JsonNode node) {
    if (!(node instanceof ObjectNode provider)) {
      return; // the contract's own reading says what is wrong
    }
    String name = qualified(provider, "name");
    if (name.isEmpty() || !providers.add(name)) {
      return; // of two with one name the first counts
    }
    String usualOrigin = USUAL_ORIGINS.get(provider.path("type").asText());
    if (!provider.has("baseUrl") && usualOrigin != null) {
      provider.put("baseUrl", usualOrigin);
    }
    fillKeys(provider, name);
    shortDurations(provider.path("timeouts"));
    shortDurations(provider.path("health"));
    fillModels(provider.path("models"));
    if (!provider.has("fingerprint")) {
      provider.put("fingerprint", fingerprint(provider));
    }
  }

  private void fillKeys(ObjectNode provider, String providerName) {
    JsonNode keys = provider.path("keys");
    if (!keys.isArray()) {
      return;
    }
    List<JsonNode> filled = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (JsonNode key : keys) {
      String name = key.isTextual() ? key.asText() : key.path("name").asText();
      if (key.has("keyId")) {
        filled.add(key);
        continue;
      }
      Optional<ApiKey> secret = secret(providerName, name);
      if (secret.isEmpty()) {
        missing.add(name);
        continue;
      }
      KeyRef ref = KeyRef.of(name, providerName, secret.get());
      meant.put(ref.keyId(), secret.get());
      filled.add(ContractJson.tree(ref));
    }
    missing.forEach(
        name -> remarks.add(ConfigFolder.CREDENTIALS + " has no " + providerName + "/" + name));
    if (filled.isEmpty() && !missing.isEmpty()) {
      keyless.put(
          providerName,
          ConfigFolder.CREDENTIALS + " has no " + providerName + "/" + missing.getFirst());
    }
    provider.putArray("keys").addAll(filled);
  }

  private Optional<ApiKey> secret(String providerName, String keyName) {
    String full = providerName + "/" + keyName;
    String used =
        written.containsKey(full) || !full.startsWith(defaultNamespace + "/")
            ? full
            : full.substring(defaultNamespace.length() + 1);
    unused.remove(used);
    return Optional.ofNullable(written.get(used));
  }

  private static void fillModels(JsonNode models) {
    for (JsonNode model : models) {
      if (model instanceof ObjectNode facts && !facts.has("reasoning")) {
        facts.put("reasoning", false);
      }
    }
  }

  private void fillRoute(JsonNode node) {
    if (!(node instanceof ObjectNode route)) {
      return;
    }
    qualified(route, "name");
    shortDurations(route.path("attempts"));
    for (JsonNode target : route.path("targets")) {
      if (target instanceof ObjectNode object) {
        fillTarget(object);
      }
    }
  }

  private void fillTarget(ObjectNode target) {
    String given = target.path("provider").asText();
    String provider = qualified(target, "provider");
    if (!target.has("name")) {
      String shown = given.substring(given.indexOf('/') + 1);
      target.put("name", shown + "/" + target.path("model").asText());
    }
    if (target.has("state")) {
      return;
    }
    String missingKey = keyless.get(provider);
    if (!providers.contains(provider)) {
      unusable(target, "ProviderNotFound", "there is no provider " + provider);
    } else if (missingKey != null) {
      unusable(target, "SecretKeyMissing", missingKey);
    } else {
      target.put("state", "Usable");
    }
  }

  private static void unusable(ObjectNode target, String reason, String message) {
    target.put("state", "Unusable");
    target.put("reason", reason);
    target.put("message", message);
  }

  /** The name in a field, given its namespace if it had none. */
  private String qualified(ObjectNode node, String field) {
    String name = node.path(field).asText();
    if (!name.isEmpty() && !name.contains("/")) {
      name = defaultNamespace + "/" + name;
      node.put(field, name);
    }
    return name;
  }

  private static void shortDurations(JsonNode node) {
    if (!(node instanceof ObjectNode object)) {
      return;
    }
    object
        .properties()
        .forEach(field -> {
          Matcher matcher = SHORT_DURATION.matcher(field.getValue().asText());
          if (field.getValue().isTextual() && matcher.matches()) {
            field.setValue(JsonNodeFactory.instance.textNode(duration(matcher).toString()));
          }
        });
  }

  private static Duration duration(Matcher matcher) {
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      default -> Duration.ofHours(number); // the pattern has four units
    };
  }

  /** A digest over everything that could end a refusal. */
  private static String fingerprint(ObjectNode provider) {
    ObjectNode decisive = JsonNodeFactory.instance.objectNode();
    for (String field : List.of("type", "baseUrl", "keys", "headers", "models")) {
      decisive.set(field, provider.path(field).isMissingNode() ? null : provider.get(field));
    }
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(decisive.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, FINGERPRINT_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
