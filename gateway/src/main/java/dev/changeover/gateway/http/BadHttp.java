package dev.changeover.gateway.http;

import dev.changeover.contract.Revision;
import dev.changeover.gateway.dialect.CallerError;
import dev.changeover.gateway.dialect.Dialect;
import dev.changeover.gateway.dialect.ErrorBodies;
import dev.changeover.gateway.observe.Fault;
import dev.changeover.gateway.observe.RequestRecord;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Errors that the HTTP layer finds before any handler sees the request, in a caller's dialect. */
final class BadHttp implements Request.Handler {
  private static final int CALLERS_FAULT = 400;
  private static final int SERVERS_FAULT = 500;

  private final Supplier<String> requestIds;
  private final Supplier<Revision> revision;
  private final Consumer<RequestRecord> refused;

  /**
   * @param refused takes the record of each request that got no further
   */
  BadHttp(
      Supplier<String> requestIds, Supplier<Revision> revision, Consumer<RequestRecord> refused) {
    this.requestIds = requestIds;
    this.revision = revision;
    this.refused = refused;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    String requestId = requestIds.get();
    int found = response.getStatus();
    int status = found >= CALLERS_FAULT && found < SERVERS_FAULT ? found : CALLERS_FAULT;
    CallerError error =
        CallerError.mistake(
            status == 413 ? status : CALLERS_FAULT,
            "The request is no HTTP that is taken here: check its line, headers and framing.",
            Optional.empty(),
            requestId);
    Dialect dialect = dialect(request);
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    response.getHeaders().put(ReplyHeaders.X_REQUEST_ID, requestId);
    response.getHeaders().put(ReplyHeaders.REQUEST_ID, requestId);
    response.getHeaders().put(ReplyHeaders.SHOULD_RETRY, "false");
    response.getHeaders().put(HttpHeader.CONNECTION, "close");
    response.write(true, ByteBuffer.wrap(ErrorBodies.body(dialect, error)), callback);
    refused.accept(record(requestId, dialect, status, error.reason()));
    return true;
  }

  private RequestRecord record(String requestId, Dialect dialect, int status, String reason) {
    return new RequestRecord(
        requestId,
        Optional.empty(),
        dialect.word(),
        false,
        "",
        Optional.empty(),
        status,
        Fault.CALLER,
        reason,
        Duration.ZERO,
        revision.get());
  }

  /** As far as the request was read: of one without headers the path may still be known. */
  private static Dialect dialect(Request request) {
    String path = request.getHttpURI() == null ? null : request.getHttpURI().getPath();
    return Address.of(path == null ? "" : path)
        .endpoint()
        .dialect(request.getHeaders().contains(Endpoint.ANTHROPIC_VERSION));
  }
}
