package dev.changeover.local.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.testkit.client.AnswerAudit;
import dev.changeover.testkit.client.ChatResult;
import dev.changeover.testkit.client.ChatResult.Complete;
import dev.changeover.testkit.provider.Ledger;
import java.util.Collection;
import java.util.List;

/** Judgements over all answers of a run, and over what a provider was asked meanwhile. */
final class Answers {
  private Answers() {}

  /** No request was lost: each has one provider's whole answer to it. */
  static void assertNoneLost(ProcessFleet fleet, Collection<ChatResult> results) {
    assertThat(results).isNotEmpty().allMatch(Complete.class::isInstance);
    List<Complete> answers =
        results.stream().filter(Complete.class::isInstance).map(Complete.class::cast).toList();
    assertThat(AnswerAudit.of(fleet.anthropic(), fleet.openAi()).findings(answers)).isEmpty();
  }

  /** No call of any kind, probes included, came after these many. */
  static void assertNotAskedAgain(Ledger ledger, int asked) {
    assertThat(ledger.entries()).filteredOn(entry -> entry.call().number() > asked).isEmpty();
  }
}
