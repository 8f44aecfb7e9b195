package dev.changeover.testkit.provider;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What a simulated provider is, as opposed to how it behaves.
 *
 * @param name recognisable in each word of its answers
 * @param port to listen on, 0 for any free one
 * @param keys the keys that are accepted, each with its name; none accepts any request
 * @param models that exist, none for whichever is asked for
 * @param answerWords how many words an answer has when nothing shortens it
 * @param chunkedAnswers whether answers that are not streamed come in chunks
 * @param waitMax the longest of all waits: pacing, hangs, stalls, idle connections
 * @param nanoClock for the ledger's times
 */
public record ProviderSettings(
    String name,
    int port,
    Map<String, String> keys,
    List<String> models,
    int answerWords,
    boolean chunkedAnswers,
    Duration waitMax,
    LongSupplier nanoClock) {
  private static final int ANSWER_WORDS = 12;
  private static final int ANSWER_WORDS_MAX = 100_000;
  private static final Duration WAIT_MAX = Duration.ofSeconds(60);

  public ProviderSettings {
    if (!name.matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")) {
      throw new IllegalArgumentException("a provider's name is a DNS label, not " + name);
    }
    if (answerWords < 2 || answerWords > ANSWER_WORDS_MAX) {
      throw new IllegalArgumentException("an answer cannot have " + answerWords + " words");
    }
    if (!waitMax.isPositive()) {
      throw new IllegalArgumentException("the longest wait has to be positive");
    }
    keys = Map.copyOf(keys);
    models = List.copyOf(models);
  }

  /** A provider on any free port that accepts every key and model. */
  public static ProviderSettings of(String name, LongSupplier nanoClock) {
    return new ProviderSettings(
        name, 0, Map.of(), List.of(), ANSWER_WORDS, false, WAIT_MAX, nanoClock);
  }

  public ProviderSettings onPort(int newPort) {
    return new ProviderSettings(
        name, newPort, keys, models, answerWords, chunkedAnswers, waitMax, nanoClock);
  }

  /** The same settings with one more key that is accepted. */
  public ProviderSettings withKey(String keyName, String key) {
    Map<String, String> more = new LinkedHashMap<>(keys);
    more.put(key, keyName);
    return new ProviderSettings(
        name, port, more, models, answerWords, chunkedAnswers, waitMax, nanoClock);
  }

  public ProviderSettings withModels(String... newModels) {
    return new ProviderSettings(
        name, port, keys, List.of(newModels), answerWords, chunkedAnswers, waitMax, nanoClock);
  }

  public ProviderSettings withAnswerWords(int words) {
    return new ProviderSettings(
        name, port, keys, models, words, chunkedAnswers, waitMax, nanoClock);
  }

  public ProviderSettings withChunkedAnswers() {
    return new ProviderSettings(name, port, keys, models, answerWords, true, waitMax, nanoClock);
  }

  public ProviderSettings withWaitMax(Duration newWaitMax) {
    return new ProviderSettings(
        name, port, keys, models, answerWords, chunkedAnswers, newWaitMax, nanoClock);
  }

  /** Without the keys. */
  @Override
  public String toString() {
    return "ProviderSettings[%s, port %d, keys %s, models %s]"
        .formatted(name, port, keys.values(), models);
  }
}
