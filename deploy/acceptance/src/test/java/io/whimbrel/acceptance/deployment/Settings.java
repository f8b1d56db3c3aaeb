package io.whimbrel.acceptance.deployment;

import io.whimbrel.local.Layout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The variables that docs/configuration.md describes. */
final class Settings {
  private static final Pattern NAME = Pattern.compile("`([A-Z][A-Z0-9_]+)`");
  private static final Pattern SECRET =
      Pattern.compile("(?i)(password|secret|token|encryption_keys?)(_?file)?$");

  static final Set<String> SERVICES =
      Set.of("api-gateway", "migration-executor", "validation-service", "monitoring-service");

  private Settings() {}

  static Set<String> documented() {
    try {
      String page = Files.readString(Layout.project().resolve("docs/configuration.md"));
      return NAME.matcher(page).results().map(name -> name.group(1)).collect(Collectors.toSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether a variable of that name holds what nobody is to read. */
  static boolean holdsASecret(String name) {
    Matcher secret = SECRET.matcher(name);
    return secret.find() && !name.toLowerCase(Locale.ROOT).endsWith("file");
  }

  /** The rest of an image's name behind its last colon names a version. */
  static boolean pinned(String image) {
    return image.matches("[^:@]+(:[0-9]+/[^:@]+)?:v?[0-9][^:@]*\\d.*") && !image.endsWith("latest");
  }

  /** A map inside of a document; empty if it is not there. */
  @SuppressWarnings("unchecked")
  static Map<String, Object> map(Map<?, ?> map, String key) {
    return map.get(key) instanceof Map<?, ?> inner ? (Map<String, Object>) inner : Map.of();
  }
}
