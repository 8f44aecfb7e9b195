package dev.changeover.gateway.attempt;

import dev.changeover.contract.Reason;
import dev.changeover.gateway.classify.Classifier;
import dev.changeover.gateway.classify.HeaderView;
import dev.changeover.gateway.classify.Outcome.Failure;
import dev.changeover.gateway.dialect.CallerError;
import dev.changeover.gateway.dialect.ErrorBodies;
import dev.changeover.gateway.dialect.Meaning;
import dev.changeover.gateway.dialect.SseEvent;
import dev.changeover.gateway.dialect.SseReader;
import dev.changeover.gateway.dialect.StopReason;
import dev.changeover.gateway.dialect.StreamRelay;
import dev.changeover.gateway.dialect.StreamStep;
import dev.changeover.gateway.upstream.Exchange;
import dev.changeover.gateway.upstream.Lost;
import dev.changeover.gateway.upstream.Piece;
import dev.changeover.gateway.upstream.Wait;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One stream on its way to the caller. Until first content its bytes are held back, so that what
 * goes wrong can still be answered by somebody else; afterwards they pass as they come.
 */
final class StreamPassage {
  /** What is held back before first content. */
  static final int HELD_BYTES_MAX = 1 << 20;

  /** How long keep-alives alone keep a stream open. */
  static final Duration ONLY_PINGS_MAX = Duration.ofMinutes(1);

  /** How long the end of a finished stream is waited for, to keep its connection. */
  private static final Duration REST_MAX = Duration.ofMillis(100);

  private final OneAttempt attempt;
  private final Exchange exchange;
  private final HeaderView headers;
  private final StreamRelay relay;
  private final SseReader reader = new SseReader();
  private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
  private boolean begun;
  private boolean contentHere;
  private long lastMeantNanos;
  private long callersNanos;

  StreamPassage(OneAttempt attempt, Exchange exchange, HeaderView headers, StreamRelay relay) {
    this.attempt = attempt;
    this.exchange = exchange;
    this.headers = headers;
    this.relay = relay;
  }

  AttemptEnd pass() {
    AttemptEnd end = passed();
    attempt.counted(relay.usage(), relay.id());
    return end;
  }

  private AttemptEnd passed() {
    lastMeantNanos = attempt.nanos();
    while (true) {
      Optional<AttemptEnd> end =
          switch (exchange.next(nextWait())) {
            case Piece.Bytes(byte[] bytes) -> took(bytes);
            case Piece.End() -> Optional.of(over());
            case Piece.Cut(Lost lost) -> Optional.of(cut(lost));
          };
      if (end.isPresent()) {
        return end.get();
      }
    }
  }

  private Wait nextWait() {
    if (!begun) {
      return exchange.timing().answer(exchange.sentNanos());
    }
    return exchange.timing().next(attempt.nanos(), callersNanos);
  }

  /** Takes what came; a value when that was the stream's end. */
  private Optional<AttemptEnd> took(byte[] bytes) {
    boolean ended = false;
    for (SseEvent event : reader.read(bytes, 0, bytes.length)) {
      StreamStep step = relay.on(event);
      Optional<Failure> failure = failure(step.meaning());
      if (failure.isPresent()) {
        return Optional.of(broken(failure.get()));
      }
      take(step);
      if (step.meaning() instanceof Meaning.End) {
        ended = true;
        break;
      }
    }
    if (ended) {
      return Optional.of(complete());
    }
    if (reader.tooLong()) {
      return Optional.of(broken(Failures.malformed("event-too-long", "An event is too long.")));
    }
    if (begun && attempt.nanos() - lastMeantNanos > onlyPingsMaxNanos()) {
      return Optional.of(broken(Failures.onlyPings()));
    }
    if (!begun && !contentHere && pending.size() > HELD_BYTES_MAX) {
      return Optional.of(
          broken(Failures.malformed("no-content", "The stream is long and says nothing.")));
    }
    if (!flushed()) {
      return Optional.of(new AttemptEnd.CallerLeft(true));
    }
    return callerTooSlow() ? Optional.of(givenUp()) : Optional.empty();
  }

  /** A caller may take as long as its provider, and no longer: then it counts as gone. */
  private boolean callerTooSlow() {
    return callersNanos > exchange.timing().timeouts().total().toNanos();
  }

  /** The end of an answer whose caller is too slow; should it read on, it is told. */
  private AttemptEnd givenUp() {
    var _ = told("The answer was not read in time.", Reason.CLIENT_CANCELLED);
    return new AttemptEnd.CallerLeft(true);
  }

  /** Models that think are given their pause also where keep-alives fill it. */
  private long onlyPingsMaxNanos() {
    Duration idle = exchange.timing().timeouts().idle();
    return (idle.compareTo(ONLY_PINGS_MAX) > 0 ? idle : ONLY_PINGS_MAX).toNanos();
  }

  private Optional<Failure> failure(Meaning meaning) {
    return switch (meaning) {
      case Meaning.ErrorEvent error ->
          Optional.of(attempt.judgedEvent(headers, error.eventName(), error.data()));
      case Meaning.Malformed malformed ->
          malformed.skippable()
              ? Optional.empty()
              : Optional.of(
                  Failures.malformed("event-malformed", "An event of the stream is malformed."));
      case Meaning.End _ -> relay.complete() ? Optional.empty() : Optional.of(unfinished());
      case Meaning.Quiet _, Meaning.Content _, Meaning.Finish _, Meaning.Counted _ ->
          Optional.empty();
    };
  }

  private static Failure unfinished() {
    return Failure.of(
        Reason.STREAM_BROKEN, "no-finish", "The stream ended without saying why it stops.");
  }

  private void take(StreamStep step) {
    pending.writeBytes(step.toCaller());
    switch (step.meaning()) {
      case Meaning.Content _, Meaning.Finish _ -> lastMeantNanos = attempt.nanos();
      case Meaning.Quiet _,
          Meaning.Counted _,
          Meaning.End _,
          Meaning.ErrorEvent _,
          Meaning.Malformed _ -> {}
    }
    if (step.hasContent() && !contentHere) {
      contentHere = true;
      attempt.firstContentSeen();
    }
  }

  /** Sends what may be sent; false when the caller has gone. */
  private boolean flushed() {
    if (!begun && !contentHere) {
      return true;
    }
    long before = attempt.nanos();
    boolean there = sent();
    long blocked = attempt.nanos() - before; // a caller that reads slowly is no silent provider
    callersNanos += blocked;
    lastMeantNanos += blocked;
    return there;
  }

  private boolean sent() {
    if (!begun) {
      begun = true;
      if (!attempt.begin(OptionalLong.empty())) {
        return false;
      }
    }
    if (pending.size() == 0) {
      return true;
    }
    byte[] bytes = pending.toByteArray();
    pending.reset();
    return attempt.send(bytes);
  }

  /** The provider's side is over, in good order as far as its framing tells. */
  private AttemptEnd over() {
    if (!relay.complete()) {
      Optional<SseEvent> rest = reader.rest();
      if (rest.isPresent()) {
        StreamStep step = relay.on(rest.get());
        Optional<Failure> failure = failure(step.meaning());
        if (failure.isPresent() && !(step.meaning() instanceof Meaning.Malformed)) {
          return broken(failure.get());
        }
        take(step);
      }
    }
    return relay.complete() ? complete() : broken(Failures.streamCut());
  }

  private AttemptEnd complete() {
    Optional<Failure> said = saidByStopReason();
    if (!relay.contentSeen() && said.isEmpty() && saysNothing()) {
      return broken(
          Failures.malformed("no-answer", "The provider answered with success and no answer."));
    }
    pending.writeBytes(relay.finish());
    contentHere = true;
    boolean there = flushed();
    readRest();
    return there ? new AttemptEnd.Complete(said) : new AttemptEnd.CallerLeft(true);
  }

  /** Reads what follows a finished stream, so that its connection can be used again. */
  private void readRest() {
    Wait wait = exchange.timing().soon(attempt.nanos() + REST_MAX.toNanos());
    boolean more = true;
    for (int pieces = 0; more && pieces < 4; pieces++) {
      more = exchange.next(wait) instanceof Piece.Bytes;
    }
  }

  private Optional<Failure> saidByStopReason() {
    return relay.stopReason().flatMap(StreamPassage::declined);
  }

  private static Optional<Failure> declined(StopReason reason) {
    return switch (reason) {
      case FILTERED -> Classifier.finish("content_filter");
      case REFUSED -> Classifier.finish("refusal");
      case STOP, STOP_SEQUENCE, LENGTH, CONTEXT_FULL, TOOL_CALLS, PAUSED, OTHER -> Optional.empty();
    };
  }

  /** Whether the model stopped as if it had said something. */
  private boolean saysNothing() {
    return switch (relay.stopReason().orElse(StopReason.OTHER)) {
      case STOP -> !attempt.mayBeEmpty();
      case OTHER -> true;
      case STOP_SEQUENCE, LENGTH, CONTEXT_FULL, TOOL_CALLS, PAUSED, FILTERED, REFUSED -> false;
    };
  }

  private AttemptEnd cut(Lost lost) {
    if (lost instanceof Lost.Aborted && attempt.callerIsGone()) {
      return new AttemptEnd.CallerLeft(begun);
    }
    if (relay.complete()) {
      return complete(); // its end was said; only the marker or the framing behind it is missing
    }
    return begun ? broken(Failures.of(lost)) : attempt.lost(lost);
  }

  /** Before first content somebody else may answer; after it the caller is told honestly. */
  private AttemptEnd broken(Failure why) {
    if (!begun) {
      return new AttemptEnd.Failed(why);
    }
    if (!flushed()) {
      return new AttemptEnd.CallerLeft(true);
    }
    String message =
        "The answer of %s broke off: %s"
            .formatted(attempt.step().provider().name(), why.evidence().sentence());
    return told(message, why.reason())
        ? new AttemptEnd.BrokenOff(why)
        : new AttemptEnd.CallerLeft(true);
  }

  /** Ends the answer with an error; false when the caller has gone. */
  private boolean told(String message, Reason reason) {
    CallerError error =
        CallerError.streamBroken(message, reason.word(), attempt.asked().requestId());
    return attempt.send(ErrorBodies.streamEvent(attempt.asked().request().dialect(), error));
  }
}
