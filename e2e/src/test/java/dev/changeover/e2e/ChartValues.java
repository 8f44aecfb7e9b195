package dev.changeover.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The table of a chart's values: each that has a comment before it, with its default. */
final class ChartValues {
  private static final Pattern KEY = Pattern.compile("^( *)([A-Za-z]+):.*$");
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int INDENT = 2;

  private ChartValues() {}

  /** The table as Markdown. A value that holds no others and has no comment is an error. */
  static String table(String valuesYaml) throws IOException {
    JsonNode values = YAML.readTree(valuesYaml);
    var table = new StringBuilder("| value | default | meaning |\n|---|---|---|\n");
    List<String> path = new ArrayList<>();
    int inside = Integer.MAX_VALUE; // deeper than this is part of the entry before
    String comment = "";
    for (String line : valuesYaml.lines().toList()) {
      Matcher key = KEY.matcher(line);
      if (line.strip().startsWith("#")) {
        comment = line.strip().substring(1).strip();
      } else if (key.matches()) {
        int depth = key.group(1).length() / INDENT;
        path.subList(Math.min(depth, path.size()), path.size()).clear();
        path.add(key.group(2));
        if (depth <= inside) {
          JsonNode value = values.at("/" + String.join("/", path));
          inside = comment.isEmpty() ? Integer.MAX_VALUE : depth;
          if (!comment.isEmpty()) {
            table.append(
                "| `%s` | `%s` | %s |%n"
                    .formatted(String.join(".", path), JSON.writeValueAsString(value), comment));
          } else if (!value.isObject()) {
            throw new AssertionError("no comment stands before " + String.join(".", path));
          }
        }
        comment = "";
      } else if (line.isBlank()) {
        comment = "";
      }
    }
    return table.toString();
  }
}
