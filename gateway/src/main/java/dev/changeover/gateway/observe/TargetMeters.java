package dev.changeover.gateway.observe;

import dev.changeover.contract.ObjectName;
import dev.changeover.contract.Reason;
import dev.changeover.gateway.attempt.AttemptRecord;
import dev.changeover.gateway.dialect.Usage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The meters of one route's target; held, so that an attempt looks nothing up. */
final class TargetMeters {
  /** The reason whose counter stands at 0 from the start, so that a first failure is a change. */
  private static final Reason FROM_THE_START = Reason.SERVER_ERROR;

  /** What these meters are about. */
  record Key(ObjectName route, ObjectName provider, String model) {}

  private final SeriesBook series;
  private final Tags tags;
  private final Counter requests;
  private final Timer duration;
  private final Timer firstToken;
  private final Map<Reason, Counter> failed = new ConcurrentHashMap<>();
  private final Map<Reason, Counter> declined = new ConcurrentHashMap<>();
  private final Map<String, Counter> tokens = new ConcurrentHashMap<>();

  TargetMeters(SeriesBook series, Key key) {
    this.series = series;
    Tags provider =
        Tags.of(
            "provider_namespace", key.provider().namespace(), "provider", key.provider().name());
    Tags model = provider.and("model", key.model());
    tags = model.and("route_namespace", key.route().namespace(), "route", key.route().name());
    requests = series.counter("llm.requests", "Attempts at a provider that have ended", tags);
    duration =
        series.timer(
            "llm.request.duration",
            "Time from sending an attempt to its end",
            Buckets.ANSWERS,
            model);
    firstToken =
        series.timer(
            "llm.time.to.first.token",
            "Time from sending an attempt to first content",
            Buckets.ANSWERS,
            model);
    failed(FROM_THE_START);
  }

  /** Counts an attempt that is over; its counters move together. */
  void ended(AttemptRecord attempt) {
    requests.increment();
    attempt
        .reason()
        .ifPresent(reason -> (attempt.failed() ? failed(reason) : declined(reason)).increment());
    duration.record(attempt.took());
    attempt.firstToken().ifPresent(firstToken::record);
    attempt.usage().ifPresent(this::count);
  }

  private void count(Usage usage) {
    TokenTypes.of(usage).forEach(this::count);
  }

  private void count(String type, long number) {
    tokens(type).increment((double) number);
  }

  private Counter failed(Reason reason) {
    return failed.computeIfAbsent(
        reason,
        word ->
            series.counter(
                "llm.requests.failed",
                "Attempts failed for a reason held against the provider",
                tags.and("reason", word.word())));
  }

  private Counter declined(Reason reason) {
    return declined.computeIfAbsent(
        reason,
        word ->
            series.counter(
                "llm.requests.declined",
                "Attempts unanswered for any other reason",
                tags.and("reason", word.word())));
  }

  private Counter tokens(String type) {
    return tokens.computeIfAbsent(
        type, word -> series.counter(TokenTypes.METER, TokenTypes.HELP, tags.and("type", word)));
  }
}
