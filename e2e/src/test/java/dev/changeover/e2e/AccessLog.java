package dev.changeover.e2e;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.changeover.contract.Revision;
import dev.changeover.testkit.process.GatewayProcess;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Under which revision a gateway served each of its requests, by its access log. */
record AccessLog(List<Request> requests) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Clocks are read at different points of a request. */
  private static final long SLACK_MILLIS = 20;

  AccessLog {
    requests = List.copyOf(requests);
  }

  /** One request, in the gateway's milliseconds. */
  record Request(long start, long end, Revision revision) {}

  static AccessLog of(GatewayProcess gateway) {
    return new AccessLog(
        gateway
            .process()
            .written()
            .lines()
            .filter(line -> line.contains("request finished"))
            .map(AccessLog::request)
            .sorted(Comparator.comparingLong(Request::end))
            .toList());
  }

  /** A request that began under an older revision than one that had ended before. */
  Optional<Request> wentBack() {
    var newest = new TreeMap<Long, Revision>();
    for (Request request : requests) {
      var before = newest.floorEntry(request.start() - SLACK_MILLIS);
      if (before != null && before.getValue().isNewerThan(request.revision())) {
        return Optional.of(request);
      }
      var last = newest.lastEntry();
      newest.put(
          request.end(),
          last == null || request.revision().isNewerThan(last.getValue())
              ? request.revision()
              : last.getValue());
    }
    return Optional.empty();
  }

  private static Request request(String line) {
    try {
      JsonNode entry = JSON.readTree(line);
      long end = Instant.parse(entry.path("time").asText()).toEpochMilli();
      return new Request(
          end - entry.path("duration_ms").asLong(),
          end,
          Revision.parse(entry.path("revision").asText()));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
