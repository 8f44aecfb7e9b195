package dev.changeover.gateway.http;

import dev.changeover.contract.ObjectName;
import dev.changeover.gateway.attempt.RunRecord;
import dev.changeover.gateway.config.RoutingTable;
import dev.changeover.gateway.dialect.Dialect;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One request from its arrival to its record: what is known from the start, and what is found. */
final class Visit {
  private final HttpServletRequest request;
  private final HttpServletResponse response;
  private final Dialect dialect;
  private final String requestId;
  private final Instant started;
  private final long startedNanos;
  private final RoutingTable table;

  private boolean streamed;
  private String requestedModel = "";
  private @Nullable ObjectName route;
  private @Nullable RunRecord run;

  Visit(
      HttpServletRequest request,
      HttpServletResponse response,
      Dialect dialect,
      String requestId,
      Instant started,
      long startedNanos,
      RoutingTable table) {
    this.request = request;
    this.response = response;
    this.dialect = dialect;
    this.requestId = requestId;
    this.started = started;
    this.startedNanos = startedNanos;
    this.table = table;
  }

  HttpServletRequest request() {
    return request;
  }

  HttpServletResponse response() {
    return response;
  }

  Dialect dialect() {
    return dialect;
  }

  String requestId() {
    return requestId;
  }

  Instant started() {
    return started;
  }

  long startedNanos() {
    return startedNanos;
  }

  RoutingTable table() {
    return table;
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(request.getHeader(name));
  }

  boolean streamed() {
    return streamed;
  }

  void streamed(boolean wanted) {
    streamed = wanted;
  }

  String requestedModel() {
    return requestedModel;
  }

  void requestedModel(String model) {
    requestedModel = model;
  }

  Optional<ObjectName> route() {
    return Optional.ofNullable(route);
  }

  void route(ObjectName name) {
    route = name;
  }

  Optional<RunRecord> run() {
    return Optional.ofNullable(run);
  }

  void run(RunRecord record) {
    run = record;
  }
}
