package dev.changeover.gateway.classify;

/** How the connection to a provider failed. */
public enum TransportFault {
  CONNECTION_REFUSED,
  NAME_NOT_RESOLVED,
  TLS_FAILED,
  /** The address may not be called, by our own rules. */
  ADDRESS_FORBIDDEN,
  /** Reset or closed before the reply's headers. */
  CLOSED_BEFORE_REPLY,
  /** Closed inside an answer that is not streamed. */
  ANSWER_CUT,
  /** A stream that ended before a finish or stop reason was seen. */
  STREAM_CUT,
  /** Bytes that are no HTTP. */
  NO_HTTP,
  /** Any other fault of input or output. */
  OTHER
}
