package dev.changeover.gateway.http;

import dev.changeover.contract.ObjectName;
import dev.changeover.contract.Reason;
import dev.changeover.contract.Revision;
import dev.changeover.contract.RouteConfig;
import dev.changeover.gateway.attempt.Asked;
import dev.changeover.gateway.attempt.AttemptRunner;
import dev.changeover.gateway.attempt.Ending;
import dev.changeover.gateway.attempt.RunRecord;
import dev.changeover.gateway.config.ConfigStore;
import dev.changeover.gateway.config.RoutingTable;
import dev.changeover.gateway.dialect.CallerError;
import dev.changeover.gateway.dialect.Dialect;
import dev.changeover.gateway.dialect.Echo;
import dev.changeover.gateway.dialect.ErrorBodies;
import dev.changeover.gateway.dialect.InboundRequest;
import dev.changeover.gateway.dialect.ModelLists;
import dev.changeover.gateway.dialect.Reading;
import dev.changeover.gateway.dialect.ReplyContext;
import dev.changeover.gateway.observe.Fault;
import dev.changeover.gateway.observe.GatewayMetrics;
import dev.changeover.gateway.observe.GatewayMetrics.ShedCause;
import dev.changeover.gateway.observe.RequestRecord;
import dev.changeover.gateway.route.RouteMatch;
import dev.changeover.gateway.route.RouteMatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.URIUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers every request of callers, whatever it is. */
final class ApiHandler implements AutoCloseable {
  /** Requests served at a time; one more is told to come back. */
  static final int IN_FLIGHT_MAX = 2_000;

  static final int REQUEST_LINE_BYTES_MAX = 8 << 10;
  static final int REQUEST_HEADERS_MAX = 100;

  private static final Duration SHED_RETRY = Duration.ofSeconds(1);
  private static final int CLIENT_GONE = 499;
  private static final long NANOS_A_MILLI = 1_000_000;
  private static final Finish ANSWERED = new Finish(200, Fault.NONE, "");
  private static final Finish LEFT =
      new Finish(CLIENT_GONE, Fault.CALLER, Reason.CLIENT_CANCELLED.word());
  private static final Logger LOG = LoggerFactory.getLogger(ApiHandler.class);

  /** What answers requests. */
  record Parts(
      ConfigStore config,
      AttemptRunner runner,
      GatewayMetrics metrics,
      Consumer<RequestRecord> finished,
      InstantSource clock,
      LongSupplier nanoClock,
      Supplier<String> requestIds,
      BodyRoom bodies) {}

  private final Parts with;
  private final Instant since;
  private final Semaphore room = new Semaphore(IN_FLIGHT_MAX);
  private final PresenceWatch presence = new PresenceWatch();
  private volatile boolean leaving;

  ApiHandler(Parts with) {
    this.with = with;
    since = with.clock().instant();
  }

  /** How many requests are under way, or shut out. */
  int inFlight() {
    return IN_FLIGHT_MAX - room.availablePermits();
  }

  /**
   * From now on each answer is the last on its connection: a caller that keeps one would otherwise
   * come to a closed door when the draining ends.
   */
  void leave() {
    leaving = true;
  }

  /** Waits so long until no request is under way, and lets none begin then; whether it came so. */
  boolean quietWithin(Duration atMost) {
    leave();
    try {
      return room.tryAcquire(IN_FLIGHT_MAX, atMost.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  void handle(HttpServletRequest request, HttpServletResponse response) {
    Address address = Address.of(request.getRequestURI());
    var visit =
        new Visit(
            request,
            response,
            address.endpoint().dialect(request.getHeader(Endpoint.ANTHROPIC_VERSION) != null),
            with.requestIds().get(),
            with.clock().instant(),
            with.nanoClock().getAsLong(),
            with.config().current());
    with.metrics().began();
    Finish finish = new Finish(500, Fault.SERVICE, "Internal");
    try {
      finish =
          room.tryAcquire()
              ? admitted(visit, address)
              : shed(visit, leaving ? ShedCause.DRAINING : ShedCause.IN_FLIGHT);
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).addKeyValue("request_id", visit.requestId()).log("request failed");
      finish = mistaken(visit);
    } finally {
      with.finished().accept(record(visit, finish));
    }
  }

  @Override
  public void close() {
    presence.close();
  }

  private Finish admitted(Visit visit, Address address) {
    // The last bytes leave after the handler's end: only then is there room again, and quiet.
    Request.addCompletionListener(connected(visit), _ -> room.release());
    if (leaving) {
      visit.response().setHeader("connection", "close"); // the next request goes elsewhere
    }
    return served(visit, address);
  }

  private Finish shed(Visit visit, ShedCause cause) {
    with.metrics().shed(cause);
    visit.response().setHeader("connection", "close"); // another gateway may have room
    return refuse(
        visit,
        Refusal.services(
            CallerError.noTarget(
                "This gateway takes no more requests: ask again soon.", visit.requestId()),
            Optional.of(SHED_RETRY)));
  }

  /** After a mistake of our own: an error, or an answer that is seen to break. */
  private static Finish mistaken(Visit visit) {
    CallerError error = CallerError.internal(visit.requestId());
    HttpServletResponse response = visit.response();
    if (!response.isCommitted()) {
      response.reset();
      return refuse(visit, Refusal.services(error, Optional.empty()));
    }
    try {
      if (visit.streamed()) {
        response.getOutputStream().write(ErrorBodies.streamEvent(visit.dialect(), error));
        response.getOutputStream().flush();
      }
    } catch (IOException e) {
      // the caller has gone, and needs no error
    } finally {
      endPoint(visit).close(); // an end in good order would say that the answer is whole
    }
    return new Finish(response.getStatus(), Fault.SERVICE, error.reason());
  }

  private static EndPoint endPoint(Visit visit) {
    return connected(visit).getConnectionMetaData().getConnection().getEndPoint();
  }

  private static ServletContextRequest connected(Visit visit) {
    return ServletContextRequest.getServletContextRequest(visit.request());
  }

  private Finish served(Visit visit, Address address) {
    Optional<CallerError> tooLarge = headTooLarge(visit);
    if (tooLarge.isPresent()) {
      visit.response().setHeader("connection", "close");
      return refuse(visit, Refusal.callers(tooLarge.get()));
    }
    Optional<String> method = address.endpoint().method();
    if (method.isPresent() && !method.get().equals(visit.request().getMethod())) {
      visit.response().setHeader("allow", method.get());
      return refuse(
          visit, Refusal.callers(CallerError.wrongMethod(method.get(), visit.requestId())));
    }
    String namespace =
        address.namespace().orElseGet(() -> visit.table().config().defaultNamespace());
    return switch (address.endpoint()) {
      case Endpoint.Nothing _ ->
          refuse(visit, Refusal.callers(CallerError.unknownPath(visit.requestId())));
      case Endpoint.ModelList _ ->
          reply(
              visit,
              ModelLists.body(
                  visit.dialect(), RouteMatcher.models(visit.table(), namespace), since));
      case Endpoint.Model(String id) -> describe(visit, namespace, URIUtil.decodePath(id));
      case Endpoint.Answer(Dialect dialect) -> answer(visit, namespace, dialect);
    };
  }

  private static Optional<CallerError> headTooLarge(Visit visit) {
    ServletContextRequest request = connected(visit);
    String target = request.getHttpURI().toString();
    if (request.getMethod().length() + target.length() > REQUEST_LINE_BYTES_MAX) {
      String message = "The request's line is longer than " + REQUEST_LINE_BYTES_MAX + " bytes.";
      return Optional.of(CallerError.headTooLarge(414, message, visit.requestId()));
    }
    if (request.getHeaders().size() > REQUEST_HEADERS_MAX) {
      String message = "The request has more than " + REQUEST_HEADERS_MAX + " headers.";
      return Optional.of(CallerError.headTooLarge(431, message, visit.requestId()));
    }
    return Optional.empty();
  }

  private Finish describe(Visit visit, String namespace, String id) {
    return switch (RouteMatcher.match(visit.table(), namespace, id)) {
      case RouteMatch.Matched _ -> reply(visit, ModelLists.one(visit.dialect(), id, since));
      case RouteMatch.UnknownModel _, RouteMatch.Drained _ ->
          refuse(visit, Refusal.callers(CallerError.unknownModel(id, visit.requestId())));
    };
  }

  private Finish answer(Visit visit, String namespace, Dialect dialect) {
    try (BodyRoom.Share share = with.bodies().share()) { // until the answer's end: it may be resent
      return answer(visit, namespace, dialect, share);
    }
  }

  private Finish answer(Visit visit, String namespace, Dialect dialect, BodyRoom.Share share) {
    return switch (RequestBody.of(visit.request(), share::growTo, with.nanoClock())) {
      case RequestBody.NoRoom _ -> shed(visit, ShedCause.BODY_BYTES);
      case RequestBody.TooLarge _ -> {
        visit.response().setHeader("connection", "close"); // the rest is not read
        yield refuse(
            visit,
            Refusal.callers(CallerError.bodyTooLarge(RequestBody.BYTES_MAX, visit.requestId())));
      }
      case RequestBody.Incomplete _ -> {
        visit.response().setHeader("connection", "close");
        yield refuse(
            visit,
            Refusal.callers(
                CallerError.mistake(
                    400,
                    "The body did not arrive whole and in time: check its length and framing.",
                    Optional.empty(),
                    visit.requestId())));
      }
      case RequestBody.Read(byte[] bytes) ->
          switch (InboundRequest.read(dialect, bytes)) {
            case Reading.Mistaken mistaken ->
                refuse(visit, Refusal.callers(CallerError.mistake(mistaken, visit.requestId())));
            case Reading.Understood(InboundRequest inbound) -> route(visit, namespace, inbound);
          };
    };
  }

  private Finish route(Visit visit, String namespace, InboundRequest inbound) {
    visit.streamed(inbound.streaming());
    if (visit.table().revision().equals(Revision.NONE)) {
      return refuse(
          visit,
          Refusal.services(
              CallerError.noTarget(
                  "This gateway has no configuration yet: ask again soon.", visit.requestId()),
              Optional.of(SHED_RETRY)));
    }
    Optional<String> model = inbound.model().or(() -> onlyModel(visit.table(), namespace));
    if (model.isEmpty()) {
      return refuse(visit, Refusal.callers(modelMissing(visit, namespace)));
    }
    visit.requestedModel(model.get());
    if (model.get().equals(Echo.MODEL)) {
      return echo(visit, inbound);
    }
    return switch (RouteMatcher.match(visit.table(), namespace, model.get())) {
      case RouteMatch.UnknownModel(String name) ->
          refuse(visit, Refusal.callers(CallerError.unknownModel(name, visit.requestId())));
      case RouteMatch.Drained(RouteConfig route) -> {
        visit.route(route.name());
        ReplyWriter.drained(route, visit.response());
        yield refuse(
            visit,
            Refusal.services(
                CallerError.noTarget(
                    "Route %s was taken out of service.".formatted(route.name()),
                    visit.requestId()),
                Optional.empty()));
      }
      case RouteMatch.Matched(RouteConfig route) -> run(visit, route, inbound);
    };
  }

  private Finish echo(Visit visit, InboundRequest inbound) {
    byte[] said =
        Echo.answer(
            inbound,
            new ReplyContext(
                visit.requestId(),
                "changeover",
                Echo.MODEL,
                visit.started(),
                () -> (with.nanoClock().getAsLong() - visit.startedNanos()) / NANOS_A_MILLI));
    return inbound.streaming()
        ? sent(ANSWERED, () -> ReplyWriter.events(visit.response(), visit.requestId(), said))
        : reply(visit, said);
  }

  private Finish run(Visit visit, RouteConfig route, InboundRequest inbound) {
    visit.route(route.name());
    var asked =
        new Asked(
            visit.requestId(),
            visit.table(),
            route,
            inbound,
            visit::header,
            visit.started(),
            visit.startedNanos(),
            CallerDeadline.read(visit.header("x-stainless-timeout")),
            visit.header("x-changeover-failover").filter("off"::equalsIgnoreCase).isEmpty());
    var caller =
        new CallerConnection(
            visit.response(),
            endPoint(visit),
            (head, response) ->
                ReplyWriter.answer(head, route.name().toString(), visit.requestId(), response));
    presence.add(caller);
    RunRecord record;
    try {
      record = with.runner().run(asked, caller);
    } finally {
      presence.remove(caller);
    }
    visit.run(record);
    return switch (record.ending()) {
      case Ending.Complete _ ->
          new Finish(
              200,
              Fault.NONE,
              record.served().flatMap(it -> it.reason()).map(Reason::word).orElse(""));
      case Ending.Broken(var why) -> new Finish(200, Fault.SERVICE, why.reason().word());
      case Ending.CallerLeft _ -> LEFT;
      case Ending.Unserved(var stop) -> {
        ReplyWriter.unserved(record, visit.response());
        yield refuse(visit, Refusal.of(stop, route, visit.requestId()));
      }
    };
  }

  /** Where just one route is there, it need not be named. */
  private static Optional<String> onlyModel(RoutingTable table, String namespace) {
    if (table.routes(namespace).size() != 1) {
      return Optional.empty();
    }
    return RouteMatcher.models(table, namespace).stream().findFirst();
  }

  private static CallerError modelMissing(Visit visit, String namespace) {
    List<String> models = RouteMatcher.models(visit.table(), namespace);
    return CallerError.mistake(
        400,
        "model is missing: name one of " + String.join(", ", models.stream().limit(20).toList()),
        Optional.of("model"),
        visit.requestId());
  }

  private static Finish reply(Visit visit, byte[] body) {
    return sent(ANSWERED, () -> ReplyWriter.json(visit.response(), visit.requestId(), body));
  }

  private static Finish refuse(Visit visit, Refusal refusal) {
    int status = refusal.error().status(visit.dialect());
    return sent(
        new Finish(status, refusal.fault(), refusal.error().reason()),
        () -> ReplyWriter.refusal(visit.response(), visit.dialect(), refusal));
  }

  /** Sends a reply; the end that was meant, unless the caller has gone. */
  private static Finish sent(Finish meant, Sending sending) {
    try {
      sending.send();
      return meant;
    } catch (IOException e) {
      return LEFT;
    }
  }

  @FunctionalInterface
  private interface Sending {
    void send() throws IOException;
  }

  private RequestRecord record(Visit visit, Finish finish) {
    Optional<ObjectName> route = visit.route();
    return new RequestRecord(
        visit.requestId(),
        route,
        visit.dialect().word(),
        visit.streamed(),
        visit.requestedModel(),
        visit.run(),
        finish.status(),
        finish.fault(),
        finish.reason(),
        Duration.ofNanos(with.nanoClock().getAsLong() - visit.startedNanos()),
        visit.table().revision());
  }

  /** How a request ended. */
  private record Finish(int status, Fault fault, String reason) {}
}
