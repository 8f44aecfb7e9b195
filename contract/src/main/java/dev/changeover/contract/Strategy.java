package dev.changeover.contract;

import com.fasterxml.jackson.annotation.JsonProperty;

/** In which order a route's targets are tried. */
public enum Strategy {
  /** As listed: the first is the preferred one. */
  @JsonProperty("Priority")
  PRIORITY("Priority"),
  /** Each request begins one target further on. */
  @JsonProperty("RoundRobin")
  ROUND_ROBIN("RoundRobin"),
  /** Of two targets taken at random, the one whose first token comes sooner. */
  @JsonProperty("LeastLatency")
  LEAST_LATENCY("LeastLatency");

  private final String word;

  Strategy(String word) {
    this.word = word;
  }

  public String word() {
    return word;
  }

  @Override
  public String toString() {
    return word;
  }
}
