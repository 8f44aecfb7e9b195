package dev.changeover.gateway.observe;

/** The keys of log lines. */
public final class LogKeys {
  public static final String REQUEST_ID = "request_id";
  public static final String CLIENT = "client";
  public static final String ROUTE = "route";
  public static final String DIALECT = "dialect";
  public static final String STREAM = "stream";
  public static final String REQUESTED_MODEL = "requested_model";
  public static final String PROVIDER = "provider";
  public static final String MODEL = "model";
  public static final String CREDENTIAL = "credential";
  public static final String STATUS = "status";
  public static final String FAULT = "fault";
  public static final String REASON = "reason";
  public static final String ATTEMPTS = "attempts";
  public static final String UPSTREAM_ID = "upstream_id";
  public static final String RULE = "rule";
  public static final String MILLIS = "ms";
  public static final String DURATION_MILLIS = "duration_ms";
  public static final String FIRST_TOKEN_MILLIS = "first_token_ms";
  public static final String OVERHEAD_MILLIS = "overhead_ms";
  public static final String INPUT_TOKENS = "input_tokens";
  public static final String CACHED_TOKENS = "cached_tokens";
  public static final String OUTPUT_TOKENS = "output_tokens";
  public static final String REVISION = "revision";
  public static final String GATEWAY = "gateway";
  public static final String PORT = "port";
  public static final String METRICS_PORT = "metrics_port";
  public static final String HOLD = "hold";
  public static final String FOLDER = "folder";

  private LogKeys() {}
}
