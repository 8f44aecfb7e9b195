/**
 * What every module's tests share: seeded properties and golden folders.
 *
 * <p>In comes a property or a function from an input folder to texts; out come failures that say
 * how to replay or rewrite. Nothing here knows a resource, a provider or the contract: this module
 * stands below all others.
 */
@NullMarked
package dev.changeover.testkit;

import org.jspecify.annotations.NullMarked;
