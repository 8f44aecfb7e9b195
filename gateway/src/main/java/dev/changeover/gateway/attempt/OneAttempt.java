package dev.changeover.gateway.attempt;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.changeover.contract.ApiKey;
import dev.changeover.contract.KeyRef;
import dev.changeover.contract.Reason;
import dev.changeover.contract.Timeouts;
import dev.changeover.gateway.classify.Classifier;
import dev.changeover.gateway.classify.HeaderView;
import dev.changeover.gateway.classify.Outcome;
import dev.changeover.gateway.classify.Outcome.Failure;
import dev.changeover.gateway.classify.Vendor;
import dev.changeover.gateway.dialect.Dialect;
import dev.changeover.gateway.dialect.Prepared;
import dev.changeover.gateway.dialect.ProviderAnswer;
import dev.changeover.gateway.dialect.Rendering;
import dev.changeover.gateway.dialect.ReplyContext;
import dev.changeover.gateway.dialect.StreamRelay;
import dev.changeover.gateway.dialect.Usage;
import dev.changeover.gateway.health.Permit;
import dev.changeover.gateway.plan.Step;
import dev.changeover.gateway.upstream.Exchange;
import dev.changeover.gateway.upstream.Head;
import dev.changeover.gateway.upstream.Lost;
import dev.changeover.gateway.upstream.PassedHeaders;
import dev.changeover.gateway.upstream.UpstreamCall;
import dev.changeover.gateway.upstream.WholeBody;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** One attempt at one provider: sent, read, judged, and passed on when it is an answer. */
final class OneAttempt {
  /** The longest answer that is not streamed. */
  static final int ANSWER_BYTES_MAX = 32 << 20;

  /** As much of an error as its class is read from. */
  static final int ERROR_BYTES_MAX = 256 << 10;

  /** How long an error's body is waited for, when its status is known. */
  static final Duration ERROR_BODY_MAX = Duration.ofSeconds(5);

  private static final int SUCCESS = 200;
  private static final String REDACTED = "[redacted]";

  /** Says what the answer's headers are. */
  interface Heads {
    ReplyHead head(OneAttempt attempt, OptionalLong length);
  }

  private final AttemptRunner.Surroundings with;
  private final Asked asked;
  private final Caller caller;
  private final Step step;
  private final Prepared.Ready ready;
  private final Permit permit;
  private final Heads heads;
  private final Dialect outbound;
  private final Vendor vendor;
  private final Map<String, String> passedOn;
  private final Timeouts timeouts;
  private final Optional<ApiKey> key;

  private long beganNanos;
  private long elsewhereNanos;
  private int status;
  private String upstreamId = "";
  private Optional<Duration> firstToken = Optional.empty();
  private Optional<Usage> usage = Optional.empty();

  OneAttempt(
      AttemptRunner.Surroundings with,
      Asked asked,
      Caller caller,
      Step step,
      Prepared.Ready ready,
      Permit permit,
      Heads heads) {
    this.with = with;
    this.asked = asked;
    this.caller = caller;
    this.step = step;
    this.ready = ready;
    this.permit = permit;
    this.heads = heads;
    outbound = Providers.dialect(step.provider().type());
    vendor = asked.table().vendor(step.provider().name());
    passedOn =
        outbound == asked.request().dialect()
            ? PassedHeaders.pick(step.provider().type(), asked.header())
            : Map.of();
    timeouts = Providers.timeouts(step.provider(), step.target().model());
    key = step.key().map(KeyRef::keyId).flatMap(asked.table()::key);
  }

  /** Makes the attempt; its permit is given back as the end says. */
  AttemptEnd make(long began) {
    beganNanos = began;
    AttemptEnd end = end();
    switch (end) {
      case AttemptEnd.Complete _ ->
          permit.succeeded(firstToken.orElseGet(() -> sinceBeginning(with)));
      case AttemptEnd.BrokenOff(Failure why) -> permit.failed(why);
      case AttemptEnd.CallerLeft _ -> permit.ignored();
      case AttemptEnd.Failed failed -> {
        if (failed.otherwise().isPresent()) {
          permit.ignored();
        } else {
          permit.failed(failed.why());
        }
      }
    }
    return end;
  }

  private AttemptEnd end() {
    if (step.key().isPresent() && key.isEmpty()) {
      return new AttemptEnd.Failed(
          Failure.of(Reason.CREDENTIAL_REJECTED, "key-missing", "The key is not known here."));
    }
    UpstreamCall call =
        UpstreamCall.post(step.provider(), key, ready.path(), ready.body(), passedOn, streaming());
    try (Exchange exchange =
            with.upstream().start(call, timeouts, OptionalLong.of(outOfTimeNanos()));
        Caller.Watch _ = caller.whenGone(exchange::abort)) {
      AttemptEnd end =
          switch (exchange.head()) {
            case Head.None(Lost lost) -> lost(lost);
            case Head.Begun begun -> read(exchange, begun);
          };
      elsewhereNanos += exchange.waitedNanos();
      return end;
    }
  }

  private AttemptEnd read(Exchange exchange, Head.Begun begun) {
    status = begun.status();
    upstreamId = Providers.requestId(begun.headers());
    if (!begun.isSuccess()) {
      return error(exchange, begun);
    }
    if (!streaming()) {
      return whole(exchange, begun);
    }
    String type = begun.headers().first("content-type").orElse("").toLowerCase(Locale.ROOT);
    if (type.startsWith("text/event-stream") && isPlain(begun.headers())) {
      return new StreamPassage(this, exchange, begun.headers(), relay()).pass();
    }
    return noStream(exchange, begun);
  }

  /** An error, by its body. One that broke off may be any: its status alone says too little. */
  private AttemptEnd error(Exchange exchange, Head.Begun begun) {
    return switch (exchange.whole(ERROR_BYTES_MAX, ERROR_BODY_MAX)) {
      case WholeBody.Read(byte[] bytes) -> error(begun, bytes);
      case WholeBody.TooLong(byte[] start) -> error(begun, start);
      case WholeBody.Cut(Lost.Aborted aborted, _) -> lost(aborted);
      case WholeBody.Cut(Lost lost, byte[] start) ->
          Classifier.isWhole(start, begun.headers()) ? error(begun, start) : lostError(lost);
    };
  }

  /** Another may answer; but what looks like the caller's mistake is held against nobody. */
  private AttemptEnd lostError(Lost lost) {
    AttemptEnd end = lost(lost);
    return Classifier.mayBlameCaller(status)
            && end instanceof AttemptEnd.Failed(Failure why, Optional<Failure> otherwise)
        ? new AttemptEnd.Failed(why, otherwise.or(() -> Optional.of(why)))
        : end;
  }

  private AttemptEnd error(Head.Begun begun, byte[] body) {
    return new AttemptEnd.Failed(
        switch (judge(begun, body)) {
          case Failure failure -> failure;
          case Outcome.Delivered _ -> Failures.malformed("no-error", "The error holds an answer.");
        });
  }

  /** A whole body where a stream was asked for: an error, or as good as one. */
  private AttemptEnd noStream(Exchange exchange, Head.Begun begun) {
    return switch (exchange.whole(ERROR_BYTES_MAX, ERROR_BODY_MAX)) {
      case WholeBody.Cut(Lost lost, _) -> lost(lost);
      case WholeBody.Read(byte[] bytes) -> new AttemptEnd.Failed(noStream(judge(begun, bytes)));
      case WholeBody.TooLong(byte[] start) -> new AttemptEnd.Failed(noStream(judge(begun, start)));
    };
  }

  private static Failure noStream(Outcome outcome) {
    return switch (outcome) {
      case Failure failure when !isRefusal(failure) -> failure;
      case Failure _, Outcome.Delivered _ ->
          Failures.malformed(
              "no-stream", "The reply is no event stream although one was asked for.");
    };
  }

  private AttemptEnd whole(Exchange exchange, Head.Begun begun) {
    return switch (exchange.whole(ANSWER_BYTES_MAX)) {
      case WholeBody.Cut(Lost lost, _) -> lost(lost);
      case WholeBody.TooLong _ ->
          new AttemptEnd.Failed(
              Failures.malformed("answer-too-long", "The answer is longer than any may be."));
      case WholeBody.Read(byte[] bytes) -> {
        Duration came = sinceBeginning(with);
        yield switch (judge(begun, bytes)) {
          case Failure failure when isRefusal(failure) ->
              passOn(begun.headers(), bytes, came, Optional.of(failure));
          case Failure failure -> new AttemptEnd.Failed(failure);
          case Outcome.Delivered _ -> passOn(begun.headers(), bytes, came, Optional.empty());
        };
      }
    };
  }

  private AttemptEnd passOn(
      HeaderView headers, byte[] bytes, Duration came, Optional<Failure> declined) {
    Optional<byte[]> plain = Classifier.plainBody(bytes, headers);
    if (plain.isEmpty()) {
      return new AttemptEnd.Failed(
          Failures.malformed("coding-unknown", "The answer's coding cannot be undone."));
    }
    ProviderAnswer answer = ProviderAnswer.read(outbound, plain.get(), mayBeEmpty());
    Optional<String> unusable = answer.unusable();
    if (unusable.isPresent() && declined.isEmpty()) {
      return new AttemptEnd.Failed(
          Failures.malformed("no-answer", "The provider answered with success and no answer."));
    }
    usage = answer.usage();
    if (upstreamId.isEmpty()) {
      upstreamId = answer.id().orElse("");
    }
    return switch (answer.toCaller(asked.request().dialect(), context())) {
      case Rendering.Unsayable _ ->
          declined
              .map(AttemptEnd.Failed::new)
              .orElseGet(() ->
                  new AttemptEnd.Failed(
                      Failures.malformed(
                          "unsayable", "The answer cannot be said in the caller's dialect.")));
      case Rendering.Rendered rendered -> {
        byte[] body = rendered.body();
        firstToken = Optional.of(came);
        boolean there = begin(OptionalLong.of(body.length)) && send(body);
        yield there ? new AttemptEnd.Complete(declined) : new AttemptEnd.CallerLeft(true);
      }
    };
  }

  /** The end of an attempt from which nothing more comes, and of which the caller has nothing. */
  AttemptEnd lost(Lost lost) {
    return switch (lost) {
      case Lost.Aborted() when caller.gone() -> new AttemptEnd.CallerLeft(false);
      case Lost.OutOfTime() ->
          new AttemptEnd.Failed(
              Failures.of(lost), wasHurried() ? Optional.of(Failures.hurried()) : Optional.empty());
      case Lost.Fault _, Lost.Late _, Lost.Aborted _ -> new AttemptEnd.Failed(Failures.of(lost));
    };
  }

  /**
   * Whether the request's deadline left less than half of the time that the provider may take, or
   * that its route gives it: then its silence says nothing.
   */
  private boolean wasHurried() {
    Duration own = streaming() ? timeouts.firstToken() : timeouts.answer();
    Duration given = asked.route().attempts().deadline();
    Duration fair = own.compareTo(given) < 0 ? own : given;
    return sinceBeginning(with).multipliedBy(2).compareTo(fair) < 0;
  }

  private Outcome judge(Head.Begun begun, byte[] body) {
    Outcome outcome = classified(begun, body);
    return switch (outcome) {
      case Failure failure -> {
        byte[] keyless = withoutKey(new String(body, ISO_8859_1)).getBytes(ISO_8859_1);
        boolean saysKey = keyless.length != body.length;
        yield weighed(
            saysKey && classified(begun, keyless) instanceof Failure said ? said : failure);
      }
      case Outcome.Delivered delivered -> delivered;
    };
  }

  private Outcome classified(Head.Begun begun, byte[] body) {
    return Classifier.reply(vendor, begun.status(), begun.headers(), body, with.clock().instant());
  }

  /** What a provider says, should it repeat the key that it was given. */
  private String withoutKey(String said) {
    return key.map(own -> said.replace(own.secret(), REDACTED)).orElse(said);
  }

  /** What the caller's own headers may have caused is no sure sign about the account. */
  Failure weighed(Failure failure) {
    boolean doubtful =
        Failures.mayComeOfHeaders(failure.reason()) && PassedHeaders.mayMislead(passedOn);
    return doubtful ? failure.asDoubtful() : failure;
  }

  /** The failure that an error event tells of. */
  Failure judgedEvent(HeaderView headers, String name, byte[] data) {
    String text = withoutKey(new String(data, UTF_8));
    return Classifier.event(vendor, withoutKey(name), text, headers, with.clock().instant())
        .map(this::weighed)
        .orElseGet(Failures::streamCut);
  }

  /** The caller gets an answer now. */
  boolean begin(OptionalLong length) {
    permit.answering();
    ReplyHead head = heads.head(this, length);
    long before = with.nanoClock().getAsLong();
    boolean there = caller.begin(head);
    elsewhereNanos += with.nanoClock().getAsLong() - before;
    return there;
  }

  boolean send(byte[] bytes) {
    long before = with.nanoClock().getAsLong();
    boolean there = caller.send(bytes);
    elsewhereNanos += with.nanoClock().getAsLong() - before;
    return there;
  }

  /** An answer that ends at certain words may end before its first one: nobody is to blame. */
  boolean mayBeEmpty() {
    return asked.request().namesStops() || !step.target().overrides().stop().isEmpty();
  }

  boolean callerIsGone() {
    return caller.gone();
  }

  void firstContentSeen() {
    firstToken = Optional.of(sinceBeginning(with));
  }

  void counted(Optional<Usage> tokens, Optional<String> id) {
    usage = tokens;
    if (upstreamId.isEmpty()) {
      upstreamId = id.orElse("");
    }
  }

  long nanos() {
    return with.nanoClock().getAsLong();
  }

  Asked asked() {
    return asked;
  }

  Step step() {
    return step;
  }

  int status() {
    return status;
  }

  String upstreamId() {
    return withoutKey(upstreamId);
  }

  Optional<Duration> firstToken() {
    return firstToken;
  }

  Optional<Usage> usage() {
    return usage;
  }

  /** Time spent waiting for the provider and the caller. */
  long elsewhereNanos() {
    return elsewhereNanos;
  }

  private StreamRelay relay() {
    return StreamRelay.of(asked.request(), outbound, context());
  }

  private ReplyContext context() {
    return new ReplyContext(
        asked.requestId(),
        step.provider().name().name(),
        step.target().model(),
        asked.started(),
        () -> (with.nanoClock().getAsLong() - asked.startedNanos()) / 1_000_000);
  }

  private boolean streaming() {
    return asked.request().streaming();
  }

  private long outOfTimeNanos() {
    Duration deadline = asked.route().attempts().deadline();
    Duration within = asked.within().filter(own -> own.compareTo(deadline) < 0).orElse(deadline);
    return asked.startedNanos() + within.toNanos();
  }

  private Duration sinceBeginning(AttemptRunner.Surroundings surroundings) {
    return Duration.ofNanos(surroundings.nanoClock().getAsLong() - beganNanos);
  }

  /** A refusal is an answer: it goes to the caller as it is. */
  private static boolean isRefusal(Failure failure) {
    boolean refused =
        failure.reason() == Reason.REFUSED || failure.reason() == Reason.CONTENT_FILTERED;
    return refused && failure.evidence().status() == SUCCESS;
  }

  private static boolean isPlain(HeaderView headers) {
    return headers.first("content-encoding").filter(it -> !it.equals("identity")).isEmpty();
  }
}
