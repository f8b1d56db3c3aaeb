package io.whimbrel.access;

import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.Priorities;
import jakarta.annotation.Priority;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a value of {@code WHIMBREL_TRACING} that is none, in words of its own. The settings that
 * it turns on and off refer to it by name, and SmallRye would complain of a name that nobody knows.
 * It comes behind the expansion of expressions, to which those references belong.
 */
@Priority(Priorities.LIBRARY + 100)
public final class TracingSwitch implements ConfigSourceInterceptor {
  private static final long serialVersionUID = 1L;
  private static final String NAME = "whimbrel.tracing";
  private static final Set<String> VALUES = Set.of("on", "off");

  @Override
  public @Nullable ConfigValue getValue(ConfigSourceInterceptorContext context, String name) {
    ConfigValue value = context.proceed(name);
    if (name.equals(NAME) && value != null && !valid(value.getValue())) {
      throw new IllegalArgumentException(
          "WHIMBREL_TRACING is '%s' (%s); set it to on or off"
              .formatted(value.getValue(), value.getConfigSourceName()));
    }
    return value;
  }

  private static boolean valid(@Nullable String value) {
    return value == null || VALUES.contains(value) || value.startsWith("${");
  }
}
