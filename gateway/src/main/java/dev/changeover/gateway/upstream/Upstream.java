package dev.changeover.gateway.upstream;

import dev.changeover.contract.ProviderConfig;
import dev.changeover.contract.Timeouts;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLException;
import org.eclipse.jetty.client.ByteBufferRequestContent;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one connector for calls and probes at providers: a client for each origin and trust. */
public final class Upstream implements AutoCloseable {
  /** Connections to one origin, as many as requests may be in flight. */
  static final int CONNECTIONS_PER_ORIGIN_MAX = 2_000;

  /** A bound behind the provider's own connect timeout, which is shorter. */
  static final Duration CONNECT_MAX = Duration.ofSeconds(60);

  /** How long a connection without a request is kept. */
  static final Duration IDLE_CONNECTION_MAX = Duration.ofSeconds(30);

  static final int REPLY_HEADERS_BYTES_MAX = 32 * 1024;
  static final int REQUEST_HEADERS_BYTES_MAX = 32 * 1024;

  private static final int THREADS_MAX = 4_096;

  /** Clients that are started before their first call; each has a thread. */
  private static final int READY_AT_ONCE_MAX = 64;

  private static final int BODY_SLICE_BYTES = 64 * 1024;
  private static final int BUFFER_BYTES_MAX = 64 * 1024;
  private static final long BUFFERS_BYTES_MAX = 64L << 20;

  private static final Logger LOG = LoggerFactory.getLogger(Upstream.class);

  private final LongSupplier nanoClock;
  private final ExecutorService background = Executors.newVirtualThreadPerTaskExecutor();
  private final ClientParts parts;
  private final Map<OriginClient.Origin, OriginClient> clients = new HashMap<>();

  public Upstream(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    var threads = new QueuedThreadPool(THREADS_MAX, 2);
    threads.setName("upstream");
    threads.setDaemon(true);
    threads.setReservedThreads(0);
    var scheduler = new ScheduledExecutorScheduler("upstream-timer", true);
    var buffers =
        new ArrayByteBufferPool(
            -1, -1, BUFFER_BYTES_MAX, Integer.MAX_VALUE, BUFFERS_BYTES_MAX, BUFFERS_BYTES_MAX);
    parts = new ClientParts(threads, scheduler, buffers, background);
    try {
      threads.start();
      scheduler.start();
    } catch (Exception e) {
      throw new IllegalStateException("the upstream threads did not start", e);
    }
  }

  /**
   * Starts a call; nothing here waits for the provider. The exchange is to be closed.
   *
   * @param timeouts the provider's, with what its model needs
   * @param outOfTimeNanos when the request itself is out of time, where it has such an end
   */
  public Exchange start(UpstreamCall call, Timeouts timeouts, OptionalLong outOfTimeNanos) {
    URI uri = uri(call);
    OriginClient.Origin origin = OriginClient.Origin.of(uri, call.provider().caPem());
    try {
      while (true) {
        OriginClient client = client(origin);
        Optional<Request> request = client.request(uri);
        if (request.isPresent()) {
          Timing timing = timing(call, timeouts, outOfTimeNanos);
          var exchange = new Exchange(nanoClock, timing, client::release);
          exchange.send(filled(request.get(), call));
          return exchange;
        }
      }
    } catch (GeneralSecurityException e) {
      Throwable cause = new SSLException("the trust of this origin cannot be read", e);
      return Exchange.failed(nanoClock, timing(call, timeouts, outOfTimeNanos), cause);
    } catch (IOException e) {
      return Exchange.failed(nanoClock, timing(call, timeouts, outOfTimeNanos), e);
    }
  }

  /**
   * Has a client ready for the first of these providers, and lets go of those that no provider uses
   * any more, each after its last exchange.
   */
  public void serve(Collection<ProviderConfig> providers) {
    keepOnly(providers);
    for (ProviderConfig provider : providers.stream().limit(READY_AT_ONCE_MAX).toList()) {
      try {
        var _ = client(OriginClient.Origin.of(provider.baseUrl(), provider.caPem()));
      } catch (GeneralSecurityException | IOException e) {
        // Each call at this provider says so, and so does its hold.
        LOG.atWarn().addKeyValue("provider", provider.name().toString()).log("no client", e);
      }
    }
  }

  private Timing timing(UpstreamCall call, Timeouts timeouts, OptionalLong outOfTimeNanos) {
    return new Timing(timeouts, call.streamed(), nanoClock.getAsLong(), outOfTimeNanos);
  }

  private void keepOnly(Collection<ProviderConfig> providers) {
    Set<OriginClient.Origin> kept = new HashSet<>();
    providers.forEach(
        provider -> kept.add(OriginClient.Origin.of(provider.baseUrl(), provider.caPem())));
    List<OriginClient> retired = new ArrayList<>();
    synchronized (clients) {
      clients
          .entrySet()
          .removeIf(entry -> {
            boolean gone = !kept.contains(entry.getKey());
            if (gone) {
              retired.add(entry.getValue());
            }
            return gone;
          });
    }
    retired.forEach(OriginClient::retire);
  }

  /** Ends every exchange at once. */
  @Override
  public void close() {
    List<OriginClient> all;
    synchronized (clients) {
      all = List.copyOf(clients.values());
      clients.clear();
    }
    all.forEach(OriginClient::stopNow);
    background.shutdown();
    try {
      parts.scheduler().stop();
      parts.threads().stop();
    } catch (Exception e) {
      throw new IllegalStateException("the upstream threads did not stop", e);
    }
  }

  private OriginClient client(OriginClient.Origin origin)
      throws GeneralSecurityException, IOException {
    synchronized (clients) {
      OriginClient client = clients.get(origin);
      if (client == null) {
        client = OriginClient.start(origin, parts);
        clients.put(origin, client);
      }
      return client;
    }
  }

  private static Request filled(Request request, UpstreamCall call) {
    request
        .version(HttpVersion.HTTP_1_1)
        .idleTimeout(0, TimeUnit.MILLISECONDS) // each wait has its own bound
        .headers(headers -> RequestHeaders.write(call, headers));
    return switch (call.method()) {
      case GET -> request.method(HttpMethod.GET);
      case POST ->
          request
              .method(HttpMethod.POST)
              .body(new ByteBufferRequestContent("application/json", slices(call.body())));
    };
  }

  /** In slices, so that a large body leaves the headers' sending alone. */
  private static List<ByteBuffer> slices(byte[] body) {
    List<ByteBuffer> slices = new ArrayList<>();
    for (int from = 0; from < body.length; from += BODY_SLICE_BYTES) {
      slices.add(ByteBuffer.wrap(body, from, Math.min(BODY_SLICE_BYTES, body.length - from)));
    }
    return slices;
  }

  private static URI uri(UpstreamCall call) {
    URI base = call.provider().baseUrl();
    String path = base.getRawPath() == null ? "" : base.getRawPath();
    String trimmed = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    return URI.create(base.getScheme() + "://" + base.getRawAuthority() + trimmed + call.path());
  }
}
