package dev.changeover.local.resources;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.changeover.contract.ObjectName;
import dev.changeover.local.resources.ResourceReading.Accepted;
import dev.changeover.local.resources.ResourceReading.Refused;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads resource files: LlmProvider, LlmRoute and Secret, alone, in documents or in lists. */
public final class ResourceFiles {
  private static final long FILE_BYTES_MAX = 4L << 20;
  private static final int FILES_MAX = 1_000;
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");

  private final Function<String, Optional<String>> environment;
  private final Judge judge;

  /**
   * What an API server would say to a custom resource.
   *
   * @see dev.changeover.crds.judge
   */
  @FunctionalInterface
  public interface Judge {
    /** The findings, each a field and what is wrong with it; none for a resource that is right. */
    List<String> findings(ObjectNode resource);
  }

  public ResourceFiles(Function<String, Optional<String>> environment, Judge judge) {
    this.environment = environment;
    this.judge = judge;
  }

  /** A fault in a file: it ends the reading and becomes the sentence that is shown. */
  private static final class Fault extends Exception {
    private static final long serialVersionUID = 1L;

    Fault(String sentence) {
      super(sentence);
    }
  }

  /**
   * All resources of a file, or of the {@code .yaml}, {@code .yml} and {@code .json} in a folder.
   */
  public ResourceReading read(Path path) {
    try {
      List<Resource> resources = new ArrayList<>();
      for (Path file : filesOf(path)) {
        for (ObjectNode node : documentsOf(file)) {
          resources.add(resource(file, node));
        }
      }
      return accepted(resources);
    } catch (Fault fault) {
      return new Refused(String.valueOf(fault.getMessage()));
    }
  }

  /** All resources of a text; {@code name} stands for the file in sentences. */
  public ResourceReading parse(String name, String text) {
    try {
      List<Resource> resources = new ArrayList<>();
      for (ObjectNode node : documents(Path.of(name), text)) {
        resources.add(resource(Path.of(name), node));
      }
      return accepted(resources);
    } catch (Fault fault) {
      return new Refused(String.valueOf(fault.getMessage()));
    }
  }

  private static ResourceReading accepted(List<Resource> resources) throws Fault {
    refuseDuplicates(resources);
    resources.sort(Comparator.comparing(Resource::kind).thenComparing(Resource::name));
    return new Accepted(resources);
  }

  private static List<Path> filesOf(Path path) throws Fault {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    try (Stream<Path> entries = Files.list(path)) {
      List<Path> files =
          entries
              .filter(file -> file.toString().matches(".*\\.(yaml|yml|json)"))
              .sorted()
              .limit(FILES_MAX + 1)
              .toList();
      if (files.isEmpty()) {
        throw new Fault(path + " holds no .yaml, .yml or .json file: put a resource into it");
      }
      if (files.size() > FILES_MAX) {
        throw new Fault(path + " holds more than " + FILES_MAX + " files: name a smaller folder");
      }
      return files;
    } catch (IOException e) {
      throw new Fault(path + " cannot be listed: check that it exists and may be read");
    }
  }

  private static List<ObjectNode> documentsOf(Path file) throws Fault {
    try {
      if (Files.size(file) > FILE_BYTES_MAX) {
        throw new Fault(file + " is larger than 4 MiB: split it");
      }
      return documents(file, Files.readString(file));
    } catch (IOException e) {
      throw new Fault(file + " cannot be read: check that it exists and may be read");
    }
  }

  private static List<ObjectNode> documents(Path file, String text) throws Fault {
    List<ObjectNode> documents = new ArrayList<>();
    try (MappingIterator<JsonNode> parsed = YAML.readerFor(JsonNode.class).readValues(text)) {
      while (parsed.hasNextValue()) {
        unfold(file, parsed.nextValue(), documents);
      }
      return documents;
    } catch (JsonProcessingException e) {
      throw new Fault(
          file
              + " is no readable YAML or JSON at line "
              + (e.getLocation() == null ? 1 : e.getLocation().getLineNr())
              + ": mend that line");
    } catch (IOException e) {
      throw new IllegalStateException("a text in memory can be read", e);
    }
  }

  private static void unfold(Path file, JsonNode node, List<ObjectNode> documents) throws Fault {
    if (node == null || node.isNull() || node.isMissingNode()) {
      return;
    }
    if (!(node instanceof ObjectNode object)) {
      throw new Fault(file + " holds something that is no resource: give kind, metadata and spec");
    }
    if (!object.path("kind").asText().endsWith("List")) {
      documents.add(object);
      return;
    }
    for (JsonNode item : object.path("items")) {
      unfold(file, item, documents);
    }
  }

  private Resource resource(Path file, ObjectNode node) throws Fault {
    String kindText = node.path("kind").asText();
    Resource.Kind kind =
        Arrays.stream(Resource.Kind.values())
            .filter(known -> known.name().equals(kindText))
            .findFirst()
            .orElseThrow(() ->
                new Fault(
                    file
                        + ": kind '"
                        + kindText
                        + "' is not taken here: give LlmProvider, LlmRoute or Secret"));
    ObjectNode metadata =
        node.path("metadata") instanceof ObjectNode given ? given : node.putObject("metadata");
    if (!metadata.hasNonNull("namespace")) {
      metadata.put("namespace", "default");
    }
    ObjectName name;
    try {
      name = new ObjectName(metadata.path("namespace").asText(), metadata.path("name").asText());
    } catch (IllegalArgumentException e) {
      throw new Fault(file + ": a " + kind + " has no metadata.name: give it one");
    }
    if (kind == Resource.Kind.Secret) {
      fillSecret(name, node);
    } else {
      List<String> findings = judge.findings(node);
      if (!findings.isEmpty()) {
        throw new Fault(
            file + ": " + kind + " " + name + " is refused: " + String.join("; ", findings));
      }
    }
    return new Resource(kind, name, node);
  }

  /** Moves {@code stringData} to {@code data} as an API server does, variables filled in. */
  private void fillSecret(ObjectName name, ObjectNode secret) throws Fault {
    if (secret.path("stringData") instanceof ObjectNode text) {
      ObjectNode data =
          secret.path("data") instanceof ObjectNode given ? given : secret.putObject("data");
      for (var entry : text.properties()) {
        byte[] value = filled(name, entry.getValue().asText()).getBytes(StandardCharsets.UTF_8);
        data.put(entry.getKey(), Base64.getEncoder().encodeToString(value));
      }
      secret.remove("stringData");
    }
  }

  private String filled(ObjectName secret, String text) throws Fault {
    Matcher variable = VARIABLE.matcher(text);
    StringBuilder result = new StringBuilder();
    while (variable.find()) {
      String value =
          environment
              .apply(variable.group(1))
              .filter(set -> !set.isEmpty())
              .orElseThrow(() ->
                  new Fault(
                      "Secret "
                          + secret
                          + " needs the environment variable "
                          + variable.group(1)
                          + ": export it and start again"));
      variable.appendReplacement(result, Matcher.quoteReplacement(value));
    }
    return variable.appendTail(result).toString();
  }

  private static void refuseDuplicates(List<Resource> resources) throws Fault {
    Set<String> seen = new HashSet<>();
    String twice =
        resources.stream()
            .map(Resource::toString)
            .filter(name -> !seen.add(name))
            .distinct()
            .collect(Collectors.joining(", "));
    if (!twice.isEmpty()) {
      throw new Fault("given twice: " + twice + ": keep one of each");
    }
  }
}
