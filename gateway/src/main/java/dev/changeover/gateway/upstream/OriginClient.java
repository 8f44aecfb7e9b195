package dev.changeover.gateway.upstream;

import dev.changeover.contract.CaBundle;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The client of one origin with one trust; it holds connections to nowhere else. */
final class OriginClient {
  /** Scheme, host and port, and what is trusted there. */
  record Origin(String scheme, String host, int port, Optional<String> caPem) {
    static Origin of(URI baseUrl, Optional<String> caPem) {
      String scheme = baseUrl.getScheme().toLowerCase(Locale.ROOT);
      int port = baseUrl.getPort() > 0 ? baseUrl.getPort() : scheme.equals("https") ? 443 : 80;
      return new Origin(scheme, baseUrl.getHost().toLowerCase(Locale.ROOT), port, caPem);
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(OriginClient.class);

  private final HttpClient client;
  private final Runnable stop;
  private int inUse;
  private boolean retired;
  private boolean stopped;

  private OriginClient(HttpClient client, Runnable stop) {
    this.client = client;
    this.stop = stop;
  }

  /** A running client. */
  static OriginClient start(Origin origin, ClientParts parts)
      throws GeneralSecurityException, IOException {
    var connector = new ClientConnector();
    connector.setSelectors(1);
    if (origin.caPem().isPresent()) {
      var tls = new SslContextFactory.Client();
      tls.setTrustStore(
          CaBundle.trusting(origin.caPem().get().getBytes(StandardCharsets.US_ASCII)));
      connector.setSslContextFactory(tls);
    }
    var client = new HttpClient(new HttpClientTransportOverHTTP(connector));
    client.setName("upstream-" + origin.host());
    client.setExecutor(parts.threads());
    client.setScheduler(parts.scheduler());
    client.setByteBufferPool(parts.buffers());
    client.setFollowRedirects(false);
    client.setHttpCookieStore(new HttpCookieStore.Empty());
    client.setUserAgentField(null);
    client.setMaxConnectionsPerDestination(Upstream.CONNECTIONS_PER_ORIGIN_MAX);
    client.setMaxRequestsQueuedPerDestination(Upstream.CONNECTIONS_PER_ORIGIN_MAX);
    client.setConnectTimeout(Upstream.CONNECT_MAX.toMillis());
    client.setAddressResolutionTimeout(Upstream.CONNECT_MAX.toMillis());
    client.setIdleTimeout(Upstream.IDLE_CONNECTION_MAX.toMillis());
    client.setMaxResponseHeadersSize(Upstream.REPLY_HEADERS_BYTES_MAX);
    client.setRequestBufferSize(Upstream.REQUEST_HEADERS_BYTES_MAX);
    begin(client);
    client.getContentDecoderFactories().clear();
    // What answers for us is no client of ours to judge: a 401 or a 302 is the provider's reply.
    client.getProtocolHandlers().remove("redirect");
    client.getProtocolHandlers().remove("www-authenticate");
    client.getProtocolHandlers().remove("proxy-authenticate");
    return new OriginClient(client, () -> parts.background().execute(() -> end(client)));
  }

  /** A request of this client; the client is in use until {@link #release}. */
  synchronized Optional<Request> request(URI uri) {
    if (retired) {
      return Optional.empty();
    }
    inUse++;
    return Optional.of(client.newRequest(uri));
  }

  synchronized void release() {
    inUse--;
    stopIfDone();
  }

  /** Takes no more requests, and ends when the last one is over. */
  synchronized void retire() {
    retired = true;
    stopIfDone();
  }

  /** Ends now, whatever is under way. */
  void stopNow() {
    synchronized (this) {
      retired = true;
      stopped = true;
    }
    end(client);
  }

  private void stopIfDone() {
    if (retired && inUse == 0 && !stopped) {
      stopped = true;
      stop.run();
    }
  }

  private static void begin(HttpClient client) throws IOException {
    try {
      client.start();
    } catch (Exception e) {
      throw new IOException("the client did not start", e);
    }
  }

  private static void end(HttpClient client) {
    try {
      client.stop();
    } catch (Exception e) {
      // Nothing is lost: the client has no exchange, and its sockets are closed one by one.
      LOG.debug("a client did not stop", e);
    }
  }
}
