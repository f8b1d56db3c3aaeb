package io.whimbrel.executor.plan.document;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.whimbrel.executor.forecast.Estimate;
import io.whimbrel.executor.forecast.Forecast;
import io.whimbrel.executor.forecast.Forecast.Block;
import io.whimbrel.executor.reversal.WayBack;
import io.whimbrel.executor.risk.RiskLevel;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A plan in a few figures.
 *
 * @param migrations how many there are
 * @param executable whether a run of it would begin: no problem, and nothing that the policy
 *     refuses
 * @param risk the highest level of a risk; null if no risk was found
 * @param risks how many there are of each level
 * @param duration of all migrations together; null without a forecast
 * @param longestBlock the longest time that anyone would be kept from a table; null if no one is,
 *     or without a forecast
 * @param waysBack how many migrations have which kind of way back
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PlanSummary(
    int migrations,
    boolean executable,
    @Nullable RiskLevel risk,
    Map<RiskLevel, Integer> risks,
    @Nullable Estimate duration,
    @Nullable Block longestBlock,
    Map<WayBack.Verdict, Integer> waysBack) {

  public PlanSummary {
    risks = Map.copyOf(risks);
    waysBack = Map.copyOf(waysBack);
  }

  public static PlanSummary of(
      List<PlannedScript> migrations, @Nullable Forecast forecast, boolean executable) {
    Map<RiskLevel, Integer> risks = new EnumMap<>(RiskLevel.class);
    migrations.stream()
        .flatMap(migration -> migration.risks().stream())
        .forEach(risk -> risks.merge(risk.level(), 1, Integer::sum));
    Map<WayBack.Verdict, Integer> ways = new EnumMap<>(WayBack.Verdict.class);
    migrations.stream()
        .map(PlannedScript::wayBack)
        .filter(Objects::nonNull)
        .forEach(way -> ways.merge(way.verdict(), 1, Integer::sum));
    return new PlanSummary(
        migrations.size(),
        executable,
        risks.keySet().stream().max(Comparator.naturalOrder()).orElse(null),
        risks,
        forecast == null ? null : forecast.total(),
        forecast == null ? null : forecast.longestBlock(),
        ways);
  }
}
