package dev.changeover.gateway.classify;

import java.util.regex.Pattern;

/** Providers' words, made fit for comparing and for handing on. */
final class Sentences {
  /** No rule looks further into a message. */
  private static final int LOOKED_AT_MAX = 4_096;

  private static final Pattern SPACES = Pattern.compile("[\\s\\p{Z}]+");
  private static final Pattern QUOTED =
      Pattern.compile("(?<![\\p{L}\\p{N}])'[^']*+'(?![\\p{L}\\p{N}])|\"[^\"]*+\"|`[^`]*+`");

  /** Keys, tokens and the ids of accounts, as providers print them. */
  private static final Pattern SECRET =
      Pattern.compile(
          "\\b(?:sk|pk|rk|gsk|xai|pplx|AIza|AKIA|eyJ)[-_A-Za-z0-9*.]{12,}"
              + "|\\b(?:org|proj|organization|project|acct|user|wrkspc)[-_][A-Za-z0-9]{6,}"
              + "|(?i:bearer)\\s+\\S+"
              + "|\\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\\b");

  private Sentences() {}

  /** The start of the message in one line, with plain apostrophes and quotes. */
  static String plain(String message) {
    String start = message.length() > LOOKED_AT_MAX ? message.substring(0, LOOKED_AT_MAX) : message;
    String quotes =
        start
            .replace('\u2018', '\'')
            .replace('\u2019', '\'')
            .replace('\u02bc', '\'')
            .replace('\u201c', '"')
            .replace('\u201d', '"');
    return SPACES.matcher(quotes).replaceAll(" ").strip();
  }

  /** A plain sentence without the values it quotes: what a caller sent proves nothing. */
  static String unquoted(String sentence) {
    return QUOTED.matcher(sentence).replaceAll("\"\"");
  }

  /** The message without keys and account ids, for the caller whose request it blames. */
  static String scrubbed(String message) {
    String start = message.length() > LOOKED_AT_MAX ? message.substring(0, LOOKED_AT_MAX) : message;
    return SECRET.matcher(start).replaceAll("[redacted]");
  }
}
