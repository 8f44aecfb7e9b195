package dev.changeover.testkit.architecture;

/**
 * One place where a rule is broken.
 *
 * @param subject the class or package at fault, relative to the module's root
 * @param sentence what is wrong
 */
record Violation(String subject, String sentence) {}
