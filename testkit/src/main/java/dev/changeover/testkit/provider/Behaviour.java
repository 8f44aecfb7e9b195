package dev.changeover.testkit.provider;

/** How a provider treats one request: it answers, or a fault happens. */
public sealed interface Behaviour permits Answer, Fault {}
