package dev.changeover.crds;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A list whose entries are told apart: by these fields of an entry, or, with none, by the whole
 * entry. Such entries are unique, and several writers may each own some of them.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
@interface MergedBy {
  String[] value() default {};
}
