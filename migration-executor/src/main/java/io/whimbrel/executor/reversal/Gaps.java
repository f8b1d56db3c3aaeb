package io.whimbrel.executor.reversal;

import io.whimbrel.executor.schema.Structure;
import io.whimbrel.executor.schema.StructureDifference;
import io.whimbrel.executor.schema.StructureObject;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * In what a scratch database is not like the target, so that nothing is proven of it there. Who
 * owns an object, and who may use it, is another matter on a server with other roles; that counts
 * only for a migration that changes it.
 */
final class Gaps {
  private static final Set<String> OF_ROLES = Set.of("owner", "rights");

  /** By kind and name: whether it differs in more than that. */
  private final Map<String, Boolean> objects = new HashMap<>();

  Gaps(List<StructureDifference> differences) {
    for (StructureDifference each : differences) {
      String aspect = each.aspect();
      boolean more = aspect == null || !OF_ROLES.contains(aspect);
      objects.merge(each.identity(), more, Boolean::logicalOr);
    }
  }

  /** What a migration has touched of it, in words. */
  Optional<String> touched(Structure before, Structure up) {
    Map<Object, StructureObject> later = new HashMap<>();
    up.apartFrom(before).forEach(object -> later.put(object.number(), object));
    return before.apartFrom(up).stream()
        .filter(object -> isGap(object, later.get(object.number())))
        .map(object -> object.kind().toLowerCase(Locale.ROOT) + " " + object.name())
        .findFirst();
  }

  private boolean isGap(StructureObject was, @Nullable StructureObject is) {
    Boolean more = objects.get(was.kind() + " " + was.name());
    if (more != null && (more || is == null || ofRolesChanged(was, is))) {
      return true;
    }
    return objects.getOrDefault("TABLE " + was.parent(), false);
  }

  private static boolean ofRolesChanged(StructureObject was, StructureObject is) {
    return OF_ROLES.stream()
        .anyMatch(aspect -> !Objects.equals(was.aspect(aspect), is.aspect(aspect)));
  }
}
