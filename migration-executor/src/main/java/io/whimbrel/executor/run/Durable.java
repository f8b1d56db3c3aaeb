package io.whimbrel.executor.run;

import io.whimbrel.executor.apply.CrashPoint;
import jakarta.enterprise.util.Nonbinding;
import jakarta.interceptor.InterceptorBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A write of the control database that a step rests on. It is durable once its transaction has
 * committed: within the transaction of a caller that is the caller's point, not this one.
 */
@InterceptorBinding
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Durable {
  /** Where a test may let the process die. */
  @Nonbinding
  CrashPoint value();
}
