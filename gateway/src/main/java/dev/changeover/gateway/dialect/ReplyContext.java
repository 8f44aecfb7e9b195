package dev.changeover.gateway.dialect;

import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * What a translated reply says that the provider's bytes may not.
 *
 * @param requestId ours; stands in where the provider gave no id
 * @param provider the provider's name, for {@link Dialect#GENERATE}
 * @param model the model's name at the provider; stands in where the reply names none
 * @param startedAt when the request began, for {@code created}
 * @param elapsedMillis how long the request has taken so far, for {@code latency_ms}
 */
public record ReplyContext(
    String requestId,
    String provider,
    String model,
    Instant startedAt,
    LongSupplier elapsedMillis) {}
