package dev.changeover.crds;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The values that the CRD allows in a field; the class holds a string, so that any value binds. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
@interface OneOf {
  String[] value();
}
