package io.whimbrel.acceptance;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A class whose tests use the {@link Suite}: one for all classes, started when it is first used.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(WholeSuite.Resolver.class)
@interface WholeSuite {

  /** Hands the suite to constructors; it is closed after the last test of all classes. */
  final class Resolver implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == Suite.class;
    }

    @Override
    public Suite resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context
          .getRoot()
          .getStore(Namespace.create(Suite.class))
          .computeIfAbsent(Start.class, key -> Start.tried(), Start.class)
          .suite();
    }
  }

  /** The one attempt to start the suite. */
  record Start(Optional<Suite> started, String failure) implements AutoCloseable {
    static Start tried() {
      try {
        return new Start(Optional.of(Suite.start()), "");
      } catch (RuntimeException e) {
        return new Start(Optional.empty(), String.valueOf(e.getMessage()));
      }
    }

    Suite suite() {
      return started.orElseThrow(
          () -> new IllegalStateException("The suite did not start: " + failure));
    }

    @Override
    public void close() {
      started.ifPresent(Suite::close);
    }
  }
}
