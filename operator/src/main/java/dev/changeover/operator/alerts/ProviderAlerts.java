package dev.changeover.operator.alerts;

import dev.changeover.contract.ObjectName;
import dev.changeover.contract.Reason;
import dev.changeover.operator.alerts.Alert.Severity;
import dev.changeover.operator.model.AlertSettings;
import dev.changeover.operator.model.ProviderModel;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The alerts of one provider. */
final class ProviderAlerts {
  private static final Duration AT_ONCE = Duration.ZERO;
  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** Failures below which a share says nothing: a quiet provider may fail once or twice. */
  private static final int FAILURES_MIN = 3;

  private ProviderAlerts() {}

  /**
   * All of them.
   *
   * @param sole whether some route has no other provider
   */
  static List<Alert> of(ProviderModel provider, boolean sole) {
    return List.of(
        degraded(provider.name(), provider.alerts()),
        down(provider.name(), sole),
        banned(provider.name()),
        credentialRejected(provider.name()),
        quotaExhausted(provider.name()),
        misconfigured(provider.name()));
  }

  private static Alert degraded(ObjectName provider, AlertSettings settings) {
    String s = Selectors.provider(provider);
    int percent = 100 - settings.successRateBelow();
    String share = BigDecimal.valueOf(percent, 2).toPlainString();
    return new Alert(
        "LLMProviderDegraded",
        ("sum(rate(llm_requests_failed_total{%1$s}[5m]))"
                + " / sum(rate(llm_requests_total{%1$s}[5m])) > %2$s\n"
                + "and\n"
                + "sum(increase(llm_requests_failed_total{%1$s}[5m])) >= %3$d")
            .formatted(s, share, FAILURES_MIN),
        settings.duration(),
        settings.duration(),
        Severity.WARNING,
        "Provider %s fails more than %d %% of its requests".formatted(provider, percent),
        "{{ $value | humanizePercentage }} of its attempts fail. Callers are answered by other"
            + " attempts or targets; the provider's status says which failures.");
  }

  private static Alert down(ObjectName provider, boolean sole) {
    return new Alert(
        "LLMProviderDown",
        "max(llm_provider_available{%s}) == 0".formatted(Selectors.provider(provider)),
        MINUTE,
        AT_ONCE,
        sole ? Severity.CRITICAL : Severity.WARNING,
        "Provider %s takes no requests".formatted(provider),
        sole
            ? "No gateway gets an answer from it, and at least one route has no other provider: its"
                + " callers get errors."
            : "No gateway gets an answer from it. Its routes are served by their other targets.");
  }

  private static Alert banned(ObjectName provider) {
    return new Alert(
        "LLMProviderBanned",
        "max(llm_provider_holds{%s,%s}) > 0"
            .formatted(Selectors.provider(provider), reasons(Reason.ACCOUNT_DISABLED)),
        AT_ONCE,
        AT_ONCE,
        Severity.CRITICAL,
        "Provider %s has disabled the account".formatted(provider),
        "No request is sent to it. Only a person can appeal to the provider; once it is settled,"
            + " set a new value of the annotation changeover.dev/clear, or wait for a probe.");
  }

  private static Alert credentialRejected(ObjectName provider) {
    return held(
        "LLMProviderCredentialRejected",
        provider,
        "Provider %s rejects the key {{ $labels.credential }}".formatted(provider),
        "The key is wrong, revoked or expired: put a new one into its Secret.",
        Reason.CREDENTIAL_REJECTED);
  }

  private static Alert quotaExhausted(ObjectName provider) {
    return held(
        "LLMProviderQuotaExhausted",
        provider,
        "Provider %s refuses requests: {{ $labels.reason }}".formatted(provider),
        "The account's allowance is used up or unpaid: raise the limit or pay at the provider.",
        Reason.QUOTA_EXHAUSTED,
        Reason.BILLING_INACTIVE);
  }

  private static Alert misconfigured(ObjectName provider) {
    return held(
        "LLMProviderMisconfigured",
        provider,
        "Provider %s does not give what is asked of it: {{ $labels.reason }}".formatted(provider),
        "Waiting does not help: correct the model's name, or get the account the right to use it."
            + " The provider's status names the model.",
        Reason.ACCESS_DENIED,
        Reason.MODEL_NOT_FOUND);
  }

  private static Alert held(
      String name, ObjectName provider, String summary, String description, Reason... reasons) {
    return new Alert(
        name,
        "max by (credential, reason) (llm_provider_holds{%s,%s}) > 0"
            .formatted(Selectors.provider(provider), reasons(reasons)),
        MINUTE,
        AT_ONCE,
        Severity.WARNING,
        summary,
        description);
  }

  private static String reasons(Reason... reasons) {
    String words = Arrays.stream(reasons).map(Reason::word).collect(Collectors.joining("|"));
    return "reason%s\"%s\"".formatted(reasons.length == 1 ? "=" : "=~", words);
  }
}
