package dev.changeover.gateway.attempt;

import dev.changeover.contract.ApiKey;
import dev.changeover.contract.HoldKey;
import dev.changeover.contract.KeyRef;
import dev.changeover.contract.ModelFacts;
import dev.changeover.contract.ObjectName;
import dev.changeover.contract.Overrides;
import dev.changeover.contract.ProviderConfig;
import dev.changeover.contract.Reason;
import dev.changeover.contract.RouteConfig;
import dev.changeover.contract.TargetConfig;
import dev.changeover.gateway.classify.Classifier;
import dev.changeover.gateway.classify.Outcome;
import dev.changeover.gateway.classify.Outcome.Failure;
import dev.changeover.gateway.classify.Vendor;
import dev.changeover.gateway.config.RoutingTable;
import dev.changeover.gateway.dialect.Dialect;
import dev.changeover.gateway.dialect.InboundRequest;
import dev.changeover.gateway.dialect.Prepared;
import dev.changeover.gateway.dialect.ProviderAnswer;
import dev.changeover.gateway.dialect.Reading;
import dev.changeover.gateway.dialect.Usage;
import dev.changeover.gateway.health.HealthBoard;
import dev.changeover.gateway.health.HoldInForce;
import dev.changeover.gateway.upstream.Exchange;
import dev.changeover.gateway.upstream.Head;
import dev.changeover.gateway.upstream.Lost;
import dev.changeover.gateway.upstream.Upstream;
import dev.changeover.gateway.upstream.UpstreamCall;
import dev.changeover.gateway.upstream.WholeBody;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out whether what was held for certain is over, with no user's request at stake: first by a
 * call that costs nothing, then by one of a single token, or of a few where the model may reason.
 */
public final class ProbeRunner implements AutoCloseable {
  /** As much of a list of models, or of a probe's answer, as is read. */
  private static final int REPLY_BYTES_MAX = 4 << 20;

  private static final String SAY_YES =
      "\"messages\":[{\"role\":\"user\",\"content\":\"Say yes.\"}]";
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Logger LOG = LoggerFactory.getLogger(ProbeRunner.class);

  /** What a model that may reason needs before its first word; a refusal costs nothing. */
  private static final int REASONING_TOKENS = 64;

  private final Supplier<RoutingTable> table;
  private final Upstream upstream;
  private final HealthBoard health;
  private final InstantSource clock;
  private final Spending spending;
  private final Set<HoldKey> underWay = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("probes").factory());

  /** Whoever counts what probes cost. */
  @FunctionalInterface
  public interface Spending {
    void spent(ObjectName provider, String model, Usage usage);
  }

  public ProbeRunner(
      Supplier<RoutingTable> table,
      Upstream upstream,
      HealthBoard health,
      Spending spending,
      InstantSource clock) {
    this.spending = spending;
    this.table = table;
    this.upstream = upstream;
    this.health = health;
    this.clock = clock;
  }

  /** Probes by itself whatever falls due while no operator sees to it. */
  public void start(BooleanSupplier alone) {
    var _ =
        timer.scheduleWithFixedDelay(
            () -> look(alone), LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void look(BooleanSupplier alone) {
    try {
      List<HoldKey> due = health.probesDue(clock.instant());
      if (alone.getAsBoolean()) { // else they fall due again later: an operator asks for its own
        due.forEach(this::probe);
      }
    } catch (RuntimeException e) { // the outermost loop of the probes' timer
      LOG.atError().setCause(e).log("probes could not be looked for");
    }
  }

  /** Starts a probe, unless the same one is under way; does not wait for its end. */
  public void probe(HoldKey key) {
    if (underWay.add(key)) {
      threads.execute(() -> run(key));
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
    threads.shutdownNow();
  }

  private void run(HoldKey key) {
    try {
      long knowledge = health.knowledge();
      Optional<Failure> failure = probed(key);
      failure.ifPresentOrElse(
          why -> health.probeFailed(key, why), () -> health.probeSucceeded(key, knowledge));
      LOG.atInfo()
          .addKeyValue("hold", key.toString())
          .addKeyValue("reason", failure.map(why -> why.reason().word()).orElse(""))
          .addKeyValue("rule", failure.map(why -> why.evidence().rule()).orElse(""))
          .log("probe finished");
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).addKeyValue("hold", key.toString()).log("probe failed");
    } finally {
      underWay.remove(key);
    }
  }

  /** Why the hold stays; empty when it is over. */
  private Optional<Failure> probed(HoldKey hold) {
    RoutingTable now = table.get();
    Optional<ProviderConfig> provider = now.provider(hold.provider());
    if (provider.isEmpty()) {
      return Optional.of(unable("the provider is not configured here"));
    }
    Optional<String> model = model(hold, now, provider.get());
    if (model.isEmpty()) {
      return Optional.of(unable("no model of the provider is known"));
    }
    Optional<ApiKey> key = keyRef(hold, provider.get()).flatMap(ref -> now.key(ref.keyId()));
    if (key.isEmpty() && !provider.get().keys().isEmpty()) {
      return Optional.of(unable("the key is not known here"));
    }
    return free(provider.get(), key).or(() -> fewTokens(provider.get(), key, model.get()));
  }

  /** A list of models. Servers that have none do not say anything by that. */
  private Optional<Failure> free(ProviderConfig provider, Optional<ApiKey> key) {
    String path =
        switch (Providers.dialect(provider.type())) {
          case ANTHROPIC_MESSAGES -> "/v1/models";
          case OPENAI_CHAT, GENERATE -> "/models";
        };
    return judged(provider, UpstreamCall.get(provider, key, path), _ -> {})
        .filter(failure -> saysSomething(failure.evidence().status()));
  }

  private static boolean saysSomething(int status) {
    return status != 404 && status != 405 && !(status >= 200 && status <= 299);
  }

  private Optional<Failure> fewTokens(ProviderConfig provider, Optional<ApiKey> key, String model) {
    if (!(InboundRequest.read(Dialect.OPENAI_CHAT, question(provider, model))
        instanceof Reading.Understood(InboundRequest request))) {
      throw new IllegalStateException("the probe's own request cannot be read");
    }
    var target = new TargetConfig.Usable("(probe)", provider.name(), model, Overrides.NONE);
    return switch (request.forTarget(
        Providers.dialect(provider.type()), Providers.shape(provider, target))) {
      case Prepared.Ready ready ->
          judged(
                  provider,
                  UpstreamCall.post(provider, key, ready.path(), ready.body(), Map.of(), false),
                  body -> count(provider, model, body))
              .filter(failure -> !answersAllTheSame(failure));
      case Prepared.Ineligible(String why) -> Optional.of(unable(why));
    };
  }

  /** OpenAI's own reasoning models refuse {@code max_tokens}, and an answer without room for it. */
  private static byte[] question(ProviderConfig provider, String model) {
    String limit =
        switch (provider.type()) {
          case OPENAI -> {
            boolean mayReason = provider.facts(model).map(ModelFacts::reasoning).orElse(true);
            yield "\"max_completion_tokens\":" + (mayReason ? REASONING_TOKENS : 1);
          }
          case ANTHROPIC, OPENAI_COMPATIBLE -> "\"max_tokens\":1";
        };
    return ("{\"model\":\"probe\"," + limit + "," + SAY_YES + "}").getBytes(StandardCharsets.UTF_8);
  }

  /** A refusal, or no word within so few tokens, is an answer for a probe. */
  private static boolean answersAllTheSame(Failure failure) {
    return failure.evidence().status() == 200
        && switch (failure.reason()) {
          case REFUSED, CONTENT_FILTERED -> true;
          case MALFORMED_RESPONSE -> failure.evidence().rule().equals("no-answer");
          case RATE_LIMITED,
              OVERLOADED,
              SERVER_ERROR,
              TIMEOUT,
              STREAM_BROKEN,
              UNREACHABLE,
              QUOTA_EXHAUSTED,
              BILLING_INACTIVE,
              CREDENTIAL_REJECTED,
              ACCOUNT_DISABLED,
              ACCESS_DENIED,
              MODEL_NOT_FOUND,
              CONTEXT_TOO_LONG,
              REQUEST_TOO_LARGE,
              BAD_REQUEST,
              CLIENT_CANCELLED ->
              false;
        };
  }

  private void count(ProviderConfig provider, String model, byte[] body) {
    ProviderAnswer.read(Providers.dialect(provider.type()), body)
        .usage()
        .ifPresent(usage -> spending.spent(provider.name(), model, usage));
  }

  private Optional<Failure> judged(
      ProviderConfig provider, UpstreamCall call, Consumer<byte[]> answered) {
    try (Exchange exchange = upstream.start(call, provider.timeouts(), OptionalLong.empty())) {
      return switch (exchange.head()) {
        case Head.None(Lost lost) -> Optional.of(Failures.of(lost));
        case Head.Begun begun ->
            switch (exchange.whole(REPLY_BYTES_MAX)) {
              case WholeBody.Cut(Lost lost, _) -> Optional.of(Failures.of(lost));
              case WholeBody.Read(byte[] bytes) -> {
                if (begun.isSuccess()) {
                  answered.accept(bytes);
                }
                yield judged(provider, begun, bytes);
              }
              case WholeBody.TooLong(byte[] start) -> judged(provider, begun, start);
            };
      };
    }
  }

  private Optional<Failure> judged(ProviderConfig provider, Head.Begun begun, byte[] body) {
    Outcome outcome =
        Classifier.reply(
            Vendor.of(provider.type(), provider.baseUrl()),
            begun.status(),
            begun.headers(),
            body,
            clock.instant());
    return switch (outcome) {
      case Outcome.Delivered _ -> Optional.empty();
      case Failure failure -> Optional.of(failure);
    };
  }

  private Optional<KeyRef> keyRef(HoldKey hold, ProviderConfig provider) {
    return switch (hold) {
      case HoldKey.OfCredential credential ->
          provider.keys().stream()
              .filter(key -> key.keyId().equals(credential.keyId()))
              .findFirst();
      case HoldKey.OfProvider _, HoldKey.OfModel _ -> {
        Set<HoldKey> held =
            health.inForce(clock.instant()).stream()
                .map(HoldInForce::key)
                .collect(Collectors.toSet());
        yield provider.keys().stream()
            .filter(key -> !held.contains(new HoldKey.OfCredential(provider.name(), key.keyId())))
            .findFirst()
            .or(() -> provider.keys().stream().findFirst());
      }
    };
  }

  private static Optional<String> model(HoldKey hold, RoutingTable table, ProviderConfig provider) {
    return switch (hold) {
      case HoldKey.OfModel ofModel -> Optional.of(ofModel.model());
      case HoldKey.OfProvider _, HoldKey.OfCredential _ ->
          table.config().routes().stream()
              .map(RouteConfig::targets)
              .flatMap(List::stream)
              .filter(target -> target.provider().equals(provider.name()))
              .map(TargetConfig::model)
              .findFirst()
              .or(() -> provider.models().stream().map(facts -> facts.name()).findFirst());
    };
  }

  private static Failure unable(String why) {
    return Failure.of(Reason.UNREACHABLE, "probe-not-made", "No probe could be made: " + why + ".");
  }
}
