package dev.changeover.local;

import java.io.InputStream;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** What a command has around it: streams, environment, clocks. */
record Terminal(
    InputStream in,
    PrintStream out,
    PrintStream err,
    Function<String, Optional<String>> environment,
    InstantSource clock,
    LongSupplier nanoClock) {}
