package dev.changeover.local.show;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeover.local.show.Showing.Nothing;
import dev.changeover.local.show.Showing.Shown;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClusterViewTest {
  private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
  private static final Map<String, String> ANSWERS =
      Map.of(
          "/apis/changeover.dev/v1alpha1/namespaces/default/llmproviders",
          """
          {"items":[
           {"metadata":{"name":"openai","namespace":"default","creationTimestamp":"2026-11-20T09:00:00Z"},
            "spec":{"type":"OpenAI"}},
           {"metadata":{"name":"anthropic","namespace":"default","managedFields":[{"manager":"x"}],
             "creationTimestamp":"2026-11-20T09:00:00Z"},
            "spec":{"type":"Anthropic"},
            "status":{"state":"Banned","reason":"AccountDisabled","since":"2026-11-20T09:57:00Z",
             "endpoint":"api.anthropic.com","message":"appeal"}}]}
          """,
          "/apis/changeover.dev/v1alpha1/llmroutes",
          """
          {"items":[{"metadata":{"name":"r","namespace":"team","creationTimestamp":"2026-11-20T09:59:00Z"},
           "spec":{"strategy":"Priority"},"status":{"state":"Available","models":"a,b"}}]}
          """,
          "/apis/events.k8s.io/v1/namespaces/default/events",
          """
          {"items":[
           {"metadata":{"name":"b","namespace":"default"},"eventTime":"2026-11-20T09:59:50.000000Z",
            "type":"Warning","reason":"FailedOver","note":"openai/gpt-4o serves",
            "regarding":{"kind":"LlmRoute","name":"assistant"}},
           {"metadata":{"name":"c","namespace":"default"},"eventTime":"2026-11-20T09:00:00.000000Z",
            "series":{"count":2,"lastObservedTime":"2026-11-20T09:59:40.000000Z"},
            "type":"Warning","reason":"ProviderBanned","note":"status 400",
            "regarding":{"kind":"LlmProvider","name":"anthropic"}}]}
          """,
          "/apis/monitoring.coreos.com/v1/namespaces/default/prometheusrules",
          """
          {"items":[{"metadata":{"name":"changeover-routes","namespace":"default",
            "creationTimestamp":"2026-11-20T09:58:00Z"},
           "spec":{"groups":[{"name":"g","rules":[{"alert":"A","expr":"1 > 0"},
             {"record":"r","expr":"1"},{"alert":"B","expr":"2"}]}]}}]}
          """,
          "/apis/changeover.dev/v1alpha1/namespaces/default/llmroutes",
          "{\"items\":[]}");

  private final ClusterView<RuntimeException> view =
      new ClusterView<>(path -> ANSWERS.getOrDefault(path, "{}"), () -> NOW);

  @Test
  void providersAreATableByTheCrdsOwnColumns() {
    assertThat(view.show(Kind.PROVIDERS, "default", "", Format.TABLE))
        .isEqualTo(
            new Shown(
                """
                NAME        TYPE        STATE    REASON            SUCCESS   P95   SINCE   AGE
                anthropic   Anthropic   Banned   AccountDisabled   -         -     3m      60m
                openai      OpenAI      -        -                 -         -     -       60m
                """));
  }

  @Test
  void wideShowsMoreColumnsAndOneNameOneRow() {
    assertThat(((Shown) view.show(Kind.PROVIDERS, "default", "anthropic", Format.WIDE)).text())
        .contains("ENDPOINT", "api.anthropic.com", "MESSAGE", "appeal")
        .doesNotContain("OpenAI");
  }

  @Test
  void everyNamespaceAddsAColumn() {
    assertThat(((Shown) view.show(Kind.ROUTES, "", "", Format.TABLE)).text())
        .startsWith("NAMESPACE   NAME   MODELS")
        .contains("team        r      a,b");
  }

  @Test
  void eventsReadAsKubectlPrintsThemTheEldestFirst() {
    assertThat(view.show(Kind.EVENTS, "default", "", Format.TABLE))
        .isEqualTo(
            new Shown(
                """
                LAST SEEN   TYPE      REASON           OBJECT                  MESSAGE
                20s         Warning   ProviderBanned   llmprovider/anthropic   status 400
                10s         Warning   FailedOver       llmroute/assistant      openai/gpt-4o serves
                """));
  }

  @Test
  void rulesAreCountedAndYamlPrintsThem() {
    assertThat(view.show(Kind.RULES, "default", "", Format.TABLE))
        .isEqualTo(
            new Shown(
                """
                NAME                ALERTS   AGE
                changeover-routes   2        2m
                """));
    assertThat(((Shown) view.show(Kind.RULES, "default", "changeover-routes", Format.YAML)).text())
        .startsWith("apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\n")
        .contains("alert: A", "expr: 1 > 0");
  }

  @Test
  void yamlOfManyIsAListWithoutManagedFields() {
    assertThat(((Shown) view.show(Kind.PROVIDERS, "default", "", Format.YAML)).text())
        .startsWith("apiVersion: v1\nkind: List\nitems:\n")
        .contains("reason: AccountDisabled")
        .doesNotContain("managedFields");
  }

  @Test
  void nothingThereIsASentence() {
    assertThat(view.show(Kind.ROUTES, "default", "", Format.TABLE))
        .isEqualTo(new Nothing("there are no LlmRoutes in namespace default"));
    assertThat(view.show(Kind.PROVIDERS, "default", "x", Format.TABLE))
        .isEqualTo(new Nothing("there is no LlmProvider x in namespace default"));
  }

  @Test
  void kindsHaveTheNamesThatUsersType() {
    assertThat(Kind.named("llmp")).contains(Kind.PROVIDERS);
    assertThat(Kind.named("LlmProviders")).contains(Kind.PROVIDERS);
    assertThat(Kind.named("llmr")).contains(Kind.ROUTES);
    assertThat(Kind.named("rules")).contains(Kind.RULES);
    assertThat(Kind.named("pods")).isEmpty();
  }
}
