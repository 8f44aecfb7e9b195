package dev.changeover.gateway.upstream;

import dev.changeover.gateway.classify.TransportFault;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLException;
import org.eclipse.jetty.client.HttpResponseException;
import org.eclipse.jetty.http.HttpException;
import org.jspecify.annotations.Nullable;

/** What an exception of the network means. */
final class Faults {
  private static final int CAUSES_MAX = 8;

  private Faults() {}

  /**
   * The fault behind an exception.
   *
   * @param usual what a connection that ended means at this point of the exchange
   */
  static TransportFault of(@Nullable Throwable failure, TransportFault usual) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < CAUSES_MAX; depth++) {
      switch (cause) {
        case UnknownHostException _, UnresolvedAddressException _ -> {
          return TransportFault.NAME_NOT_RESOLVED;
        }
        case SSLException _ -> {
          return TransportFault.TLS_FAILED;
        }
        case ConnectException _, NoRouteToHostException _ -> {
          return TransportFault.CONNECTION_REFUSED;
        }
        case HttpResponseException _ -> {
          return TransportFault.NO_HTTP;
        }
        case RejectedExecutionException _ -> {
          return TransportFault.OTHER;
        }
        default -> {}
      }
      if (cause instanceof HttpException) {
        return TransportFault.NO_HTTP;
      }
      cause = cause.getCause();
    }
    return failure == null || failure instanceof SocketException || failure instanceof IOException
        ? usual
        : TransportFault.OTHER;
  }
}
