package dev.changeover.gateway.classify;

import dev.changeover.contract.Reason;
import dev.changeover.contract.Scope;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One named sign of a failure: the classes it is read from (none: any), the statuses it counts
 * under (none: any), how the provider's sentence begins, and what all that means.
 *
 * @param advice the fixed sentence for the operator: what happened and what to do about it
 */
record Rule(
    String name,
    Set<String> classes,
    Set<Integer> statuses,
    Pattern sentence,
    Reason reason,
    Scope scope,
    String advice) {
  private static final Pattern ANY_SENTENCE = Pattern.compile("");

  /** A sign that holds whatever the reply says, until it is narrowed. */
  static Rule named(String name, Reason reason, String advice) {
    return new Rule(name, Set.of(), Set.of(), ANY_SENTENCE, reason, reason.usualScope(), advice);
  }

  /** The same for these classes, in lower case; a star in one stands for anything. */
  Rule classes(String... words) {
    return new Rule(name, Set.of(words), statuses, sentence, reason, scope, advice);
  }

  Rule under(Integer... codes) {
    return new Rule(name, classes, Set.of(codes), sentence, reason, scope, advice);
  }

  /** The same for messages that begin so; written in lower case, with plain apostrophes. */
  Rule saying(String start) {
    Pattern pattern = Pattern.compile(start, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    return new Rule(name, classes, statuses, pattern, reason, scope, advice);
  }

  Rule holding(Scope wider) {
    return new Rule(name, classes, statuses, sentence, reason, wider, advice);
  }

  /** Whether one class of the reply, its status and its sentence fit. */
  boolean fits(String errorClass, Told told) {
    return classes.stream().anyMatch(word -> matches(word, errorClass)) && fits(told);
  }

  /** Whether status and sentence fit. */
  boolean fits(Told told) {
    return (statuses.isEmpty() || statuses.contains(told.status()))
        && sentence.matcher(told.sentence()).lookingAt();
  }

  /** Whether the parts of the word between its stars stand in the class, in their order. */
  static boolean matches(String word, String errorClass) {
    if (word.indexOf('*') < 0) {
      return word.equals(errorClass);
    }
    String[] parts = word.split("\\*", -1);
    String last = parts[parts.length - 1];
    int end = errorClass.length() - last.length();
    if (!errorClass.startsWith(parts[0]) || !errorClass.endsWith(last)) {
      return false;
    }
    int at = parts[0].length();
    for (int i = 1; i < parts.length - 1; i++) {
      int found = errorClass.indexOf(parts[i], at);
      if (found < 0) {
        return false;
      }
      at = found + parts[i].length();
    }
    return at <= end;
  }
}
