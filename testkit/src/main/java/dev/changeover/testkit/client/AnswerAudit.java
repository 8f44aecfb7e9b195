package dev.changeover.testkit.client;

import dev.changeover.testkit.client.ChatResult.Complete;
import dev.changeover.testkit.provider.Ledger;
import dev.changeover.testkit.provider.LedgerEntry;
import dev.changeover.testkit.provider.SimulatedProvider;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Compares each whole answer with the ledger of the provider that is said to have given it: it has
 * to be, letter by letter, the whole answer to exactly one request with the caller's tag, and
 * nobody else may have got the same one.
 */
public final class AnswerAudit {
  private final Map<String, Ledger> ledgers;

  /**
   * An audit over ledgers by the name that {@code x-changeover-provider} gives, without namespace.
   */
  public AnswerAudit(Map<String, Ledger> ledgers) {
    this.ledgers = new TreeMap<>(ledgers);
  }

  /** An audit over providers whose resources have their names. */
  public static AnswerAudit of(SimulatedProvider... providers) {
    Map<String, Ledger> ledgers = new HashMap<>();
    for (SimulatedProvider provider : providers) {
      ledgers.put(provider.name(), provider.ledger());
    }
    return new AnswerAudit(ledgers);
  }

  /** What is wrong with these answers, a sentence each; empty where nothing is. */
  public List<String> findings(Collection<Complete> answers) {
    Map<String, List<Source>> sources = sourcesByText();
    Set<Source> taken = new HashSet<>();
    List<String> findings = new ArrayList<>();
    for (Complete answer : answers) {
      finding(answer, sources.getOrDefault(answer.text(), List.of()), taken, findings);
    }
    return findings;
  }

  private record Source(String provider, int number, String tag) {}

  private Map<String, List<Source>> sourcesByText() {
    Map<String, List<Source>> sources = new HashMap<>();
    ledgers.forEach((provider, ledger) -> {
      for (LedgerEntry entry : ledger.entries()) {
        if (entry.complete() && !entry.played().text().isEmpty()) {
          sources
              .computeIfAbsent(entry.played().text(), _ -> new ArrayList<>())
              .add(new Source(provider, entry.call().number(), entry.call().tag()));
        }
      }
    });
    return sources;
  }

  private static void finding(
      Complete answer, List<Source> sources, Set<Source> taken, List<String> findings) {
    String tag = answer.reply().call().tag();
    String said = answer.reply().provider();
    String provider = said.substring(said.lastIndexOf('/') + 1);
    if (sources.size() != 1) {
      findings.add(tag + ": " + sources.size() + " whole answers have this text: " + answer.text());
      return;
    }
    Source source = sources.getFirst();
    if (!provider.isEmpty() && !provider.equals(source.provider())) {
      findings.add(tag + ": said to be from " + provider + ", is from " + source.provider());
    }
    if (!source.tag().equals(tag)) {
      findings.add(tag + ": got the answer to " + source.tag());
    }
    if (!taken.add(source)) {
      findings.add(tag + ": got an answer that another caller got too");
    }
  }
}
