package dev.changeover.gateway.classify;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The rules of one provider, in the order in which they are trusted.
 *
 * @param classes classes that say enough by themselves
 * @param sentences beginnings of the provider's own sentences
 * @param vague classes that mean several things, so that a sentence is believed before them
 */
record RuleBook(List<Rule> classes, List<Rule> sentences, List<Rule> vague) {

  RuleBook {
    classes = List.copyOf(classes);
    sentences = List.copyOf(sentences);
    vague = List.copyOf(vague);
  }

  /** These rules, each kind followed by the same kind of the others. */
  RuleBook before(RuleBook others) {
    return new RuleBook(
        join(classes, others.classes),
        join(sentences, others.sentences),
        join(vague, others.vague));
  }

  RuleBook withoutSentences() {
    return new RuleBook(classes, List.of(), vague);
  }

  private static List<Rule> join(List<Rule> first, List<Rule> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }

  /** A rule that fits, and whether no class of the reply but only its words led there. */
  record Match(Rule rule, boolean bySentence) {}

  Optional<Match> judge(Told told) {
    return Stream.<Optional<Match>>of(
            byClass(classes, told),
            sentences.stream()
                .filter(rule -> rule.fits(told))
                .map(rule -> new Match(rule, true))
                .findFirst(),
            byClass(vague, told))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<Match> byClass(List<Rule> rules, Told told) {
    return told.classes().stream()
        .flatMap(errorClass -> rules.stream().filter(rule -> rule.fits(errorClass, told)))
        .map(rule -> new Match(rule, false))
        .findFirst();
  }
}
