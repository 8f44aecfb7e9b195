/**
 * Resources as {@code kubectl get} prints them. In: JSON trees and a CRD's own printer columns.
 * Out: text. This package must never know where the resources come from.
 */
@NullMarked
package dev.changeover.local.table;

import org.jspecify.annotations.NullMarked;
