package dev.changeover.gateway.plan;

/** The planner's answer. */
public sealed interface Next permits Step, Stop {}
