/**
 * The rehearsal of a ban. In: gateways' addresses, two simulated providers, what the gateways are
 * seen to do. Out: steady traffic, its count as it goes, and the figures: what was sent, answered,
 * failed over and lost, and how fast the fleet knew. It judges by an independent client and the
 * providers' ledgers; this package must never know a gateway's code.
 */
@NullMarked
package dev.changeover.local.rehearse;

import org.jspecify.annotations.NullMarked;
