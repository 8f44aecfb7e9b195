/**
 * An independent client of both dialects, and the audit of what it was told.
 *
 * <p>In come calls; out come results that tell a whole answer from an honest error and from a
 * broken reply, judged by each dialect's grammar. The audit compares whole answers with the ledgers
 * of the providers said to have given them. Nothing here may use code of a gateway, which it
 * judges.
 */
@NullMarked
package dev.changeover.testkit.client;

import org.jspecify.annotations.NullMarked;
