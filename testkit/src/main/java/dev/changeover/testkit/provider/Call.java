package dev.changeover.testkit.provider;

/**
 * What a script may look at when it decides how to behave.
 *
 * @param number the request's number at this provider, from 1
 * @param model as asked for; empty where none was named
 * @param keyName the name of the key used, {@link #UNKNOWN_KEY} or {@link #NO_KEY}; never a key
 * @param tag the last {@code #word} of the last user message; empty where there is none
 */
public record Call(
    int number,
    Endpoint endpoint,
    Dialect dialect,
    String model,
    String keyName,
    String tag,
    boolean streaming) {
  public static final String UNKNOWN_KEY = "(unknown)";
  public static final String NO_KEY = "(none)";
}
