package dev.changeover.local.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MergedMetricsTest {
  private static final String ONE =
      """
      # HELP llm_requests_total Attempts
      # TYPE llm_requests_total counter
      llm_requests_total{model="a"} 3.0
      # HELP llm_delay_seconds Delay
      # TYPE llm_delay_seconds histogram
      llm_delay_seconds_bucket{le="+Inf"} 1
      llm_delay_seconds_sum 0.5
      llm_delay_seconds_count 1
      # HELP llm_requests_in_flight In flight
      # TYPE llm_requests_in_flight gauge
      llm_requests_in_flight 0.0
      """;

  @Test
  void eachFamilyStandsOnceWithTheSamplesOfAllGateways() {
    var merged = new MergedMetrics();
    merged.add("# HELP up Up\n# TYPE up gauge\nup 1\n");
    merged.add(ONE, "gateway", "gateway-0");
    merged.add(ONE, "gateway", "say \"one\"");
    assertThat(merged.text())
        .isEqualTo(
            """
            # HELP up Up
            # TYPE up gauge
            up 1
            # HELP llm_requests_total Attempts
            # TYPE llm_requests_total counter
            llm_requests_total{gateway="gateway-0",model="a"} 3.0
            llm_requests_total{gateway="say \\"one\\"",model="a"} 3.0
            # HELP llm_delay_seconds Delay
            # TYPE llm_delay_seconds histogram
            llm_delay_seconds_bucket{gateway="gateway-0",le="+Inf"} 1
            llm_delay_seconds_sum{gateway="gateway-0"} 0.5
            llm_delay_seconds_count{gateway="gateway-0"} 1
            llm_delay_seconds_bucket{gateway="say \\"one\\"",le="+Inf"} 1
            llm_delay_seconds_sum{gateway="say \\"one\\""} 0.5
            llm_delay_seconds_count{gateway="say \\"one\\""} 1
            # HELP llm_requests_in_flight In flight
            # TYPE llm_requests_in_flight gauge
            llm_requests_in_flight{gateway="gateway-0"} 0.0
            llm_requests_in_flight{gateway="say \\"one\\""} 0.0
            """);
    assertThat(ExpositionCheck.findings(merged.text())).isEmpty();
  }

  @Test
  void theCheckItselfFindsWhatMergingCouldBreak() {
    assertThat(ExpositionCheck.findings(ONE + ONE)).isNotEmpty();
    assertThat(ExpositionCheck.findings("a{b=\"1\",b=\"2\"} 1\n")).isNotEmpty();
    assertThat(ExpositionCheck.findings("a{b=1} 1\n")).isNotEmpty();
    assertThat(ExpositionCheck.findings("a 1")).isNotEmpty();
    assertThat(ExpositionCheck.findings("# TYPE a counter\na 1\n")).isNotEmpty();
  }
}
