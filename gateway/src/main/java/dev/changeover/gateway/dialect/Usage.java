package dev.changeover.gateway.dialect;

/**
 * Tokens of one answer, as the provider counted them.
 *
 * @param input all tokens read, cached ones included
 * @param cachedInput the part of {@code input} that came from a cache
 * @param cacheWrite the part of {@code input} that was written to a cache
 * @param output all tokens written, reasoning included
 * @param reasoning the part of {@code output} that was reasoning, where the provider says so
 */
public record Usage(long input, long cachedInput, long cacheWrite, long output, long reasoning) {
  public Usage {
    input = Math.max(0, input);
    output = Math.max(0, output);
    cachedInput = Math.clamp(cachedInput, 0, input);
    cacheWrite = Math.clamp(cacheWrite, 0, input - cachedInput);
    reasoning = Math.clamp(reasoning, 0, output);
  }

  /** Input and output together. */
  public long total() {
    return input + output;
  }
}
