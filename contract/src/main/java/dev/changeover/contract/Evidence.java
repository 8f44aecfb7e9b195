package dev.changeover.contract;

import java.util.regex.Pattern;

/**
 * What a failure was read from: the HTTP status (0 without one), the provider's own type and code
 * (empty without one), the classifier rule that matched and that rule's fixed sentence. Never free
 * text of a reply: another caller's request may have caused it.
 */
public record Evidence(int status, String type, String code, String rule, String sentence) {
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_.:/-]{0,64}");

  /** Evidence that says nothing. */
  public static final Evidence NONE = new Evidence(0, "", "", "", "");

  public Evidence {
    type = WORD.matcher(type).matches() ? type : "";
    code = WORD.matcher(code).matches() ? code : "";
  }
}
