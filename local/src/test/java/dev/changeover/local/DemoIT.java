package dev.changeover.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** The demonstration, shortened. */
class DemoIT {
  @Test
  void aBanIsShownFromBeginningToEndAndNothingIsLost() {
    CommandLineRun run = CommandLineRun.of(Map.of(), "demo", "--requests", "900");
    assertThat(run.out())
        .contains("anthropic bans the account", "every gateway holds anthropic")
        .containsPattern("anthropic +Anthropic +Available")
        .containsPattern("anthropic +Anthropic +Banned +AccountDisabled")
        .containsPattern("assistant +assistant +Priority +FailedOver +openai/gpt-4o")
        .containsPattern("Warning +ProviderBanned +llmprovider/anthropic")
        .containsPattern("Warning +FailedOver +llmroute/assistant")
        .containsPattern("Normal +HoldCleared +llmprovider/anthropic")
        .containsPattern("Normal +FailedBack +llmroute/assistant")
        .contains("alert: LLMProviderBanned")
        .containsPattern("requests sent +900\n")
        .containsPattern("answered whole +900\n")
        .containsPattern("lost +0\n")
        .containsPattern("attempts begun by a gateway that knew of the ban +0\n")
        .contains("Nothing was lost");
    assertThat(run.status()).isZero();
  }

  @Test
  void withoutFailoverItCountsWhatIsLostAndFails() {
    CommandLineRun run =
        CommandLineRun.of(Map.of(), "demo", "--requests", "300", "--failover", "off");
    assertThat(run.out())
        .containsPattern("lost +[1-9][0-9]*\n")
        .containsPattern("failed over +0 ")
        .contains("Something was lost");
    assertThat(run.status()).isEqualTo(1);
  }
}
