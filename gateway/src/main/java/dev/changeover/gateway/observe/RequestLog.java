package dev.changeover.gateway.observe;

import dev.changeover.contract.KeyRef;
import dev.changeover.gateway.attempt.AttemptRecord;
import dev.changeover.gateway.attempt.RunRecord;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** The access log: one line a request. */
public final class RequestLog {
  private static final int MODEL_SHOWN_MAX = 256;
  private static final Logger LOG = LoggerFactory.getLogger("changeover.access");

  /** Says what became of the request. */
  public void finished(RequestRecord request) {
    LoggingEventBuilder line =
        LOG.atInfo()
            .addKeyValue(LogKeys.REQUEST_ID, request.requestId())
            .addKeyValue(LogKeys.ROUTE, request.route().map(Object::toString).orElse(""))
            .addKeyValue(LogKeys.DIALECT, request.dialect())
            .addKeyValue(LogKeys.STREAM, request.streamed())
            .addKeyValue(LogKeys.REQUESTED_MODEL, shortened(request.requestedModel()));
    Optional<AttemptRecord> served = request.run().flatMap(RunRecord::served);
    if (served.isPresent()) {
      line = withServing(line, served.get());
    }
    line =
        line.addKeyValue(LogKeys.STATUS, request.status())
            .addKeyValue(LogKeys.FAULT, request.fault().word())
            .addKeyValue(LogKeys.REASON, request.reason())
            .addKeyValue(LogKeys.ATTEMPTS, attempts(request.run()))
            .addKeyValue(LogKeys.DURATION_MILLIS, millis(request.took()));
    Optional<Duration> firstContent = request.run().flatMap(RunRecord::firstContent);
    if (firstContent.isPresent()) {
      line = line.addKeyValue(LogKeys.FIRST_TOKEN_MILLIS, millis(firstContent.get()));
    }
    line.addKeyValue(LogKeys.OVERHEAD_MILLIS, millis(request.overhead()))
        .addKeyValue(LogKeys.REVISION, request.revision().toString())
        .log("request finished");
  }

  private static LoggingEventBuilder withServing(LoggingEventBuilder line, AttemptRecord served) {
    LoggingEventBuilder named =
        line.addKeyValue(LogKeys.PROVIDER, served.target().provider().toString())
            .addKeyValue(LogKeys.MODEL, served.target().model())
            .addKeyValue(LogKeys.CREDENTIAL, served.key().map(KeyRef::name).orElse(""));
    return served
        .usage()
        .map(usage ->
            named
                .addKeyValue(LogKeys.INPUT_TOKENS, usage.input())
                .addKeyValue(LogKeys.CACHED_TOKENS, usage.cachedInput())
                .addKeyValue(LogKeys.OUTPUT_TOKENS, usage.output()))
        .orElse(named);
  }

  private static List<Map<String, Object>> attempts(Optional<RunRecord> run) {
    return run.map(RunRecord::attempts).orElse(List.of()).stream().map(RequestLog::facts).toList();
  }

  private static Map<String, Object> facts(AttemptRecord attempt) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put(LogKeys.PROVIDER, attempt.target().provider().toString());
    facts.put(LogKeys.MODEL, attempt.target().model());
    facts.put(LogKeys.CREDENTIAL, attempt.key().map(KeyRef::name).orElse(""));
    facts.put(LogKeys.REASON, attempt.reason().map(Object::toString).orElse(""));
    facts.put(LogKeys.RULE, attempt.failure().map(why -> why.evidence().rule()).orElse(""));
    facts.put(LogKeys.STATUS, attempt.status());
    facts.put(LogKeys.UPSTREAM_ID, attempt.upstreamId());
    facts.put(LogKeys.MILLIS, millis(attempt.took()));
    return facts;
  }

  private static String shortened(String model) {
    return model.length() <= MODEL_SHOWN_MAX ? model : model.substring(0, MODEL_SHOWN_MAX);
  }

  private static double millis(Duration duration) {
    return Math.round(duration.toNanos() / 1e4) / 100.0;
  }
}
