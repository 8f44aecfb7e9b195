package dev.changeover.contract;

import java.util.OptionalInt;

/**
 * What is known of one model of a provider.
 *
 * @param contextWindow tokens that input and output may have together
 * @param maxOutputTokens tokens that one answer may have
 * @param reasoning whether it thinks before it speaks: pauses of two minutes are normal then
 */
public record ModelFacts(
    String name, OptionalInt contextWindow, OptionalInt maxOutputTokens, boolean reasoning) {}
