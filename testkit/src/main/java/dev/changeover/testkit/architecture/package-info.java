/**
 * The style guide's architecture rules as checks over compiled classes.
 *
 * <p>In come a module's root package and its lines (who may use whom, which library is confined
 * where); out comes one test a rule. An exemption stands in the rule, with its reason. Nothing here
 * may use a class of another module: the rules see names only.
 */
@NullMarked
package dev.changeover.testkit.architecture;

import org.jspecify.annotations.NullMarked;
