/**
 * A simulated provider over real HTTP/1.1 on loopback, in both vendors' dialects.
 *
 * <p>In come requests and a script that says, request by request, how to behave; out come answers
 * in words that no other request ever gets, scripted faults down to the byte, and a ledger of what
 * was asked and what was answered. It must never know a gateway: it is a vendor, and strict like
 * one.
 */
@NullMarked
package dev.changeover.testkit.provider;

import org.jspecify.annotations.NullMarked;
