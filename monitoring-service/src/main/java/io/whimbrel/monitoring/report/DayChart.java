package io.whimbrel.monitoring.report;

import io.whimbrel.monitoring.performance.Performance.Day;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Days as bars, in the units of an SVG drawing.
 *
 * @param bars one for each part of each day, bottom up
 * @param top the value at the top of the drawing
 */
public record DayChart(List<Bar> bars, List<Label> labels, long top, double width) {
  private static final double HEIGHT = 160;
  private static final double DAY = 24;
  private static final int MOST_LABELS = 10;

  /**
   * A bar.
   *
   * @param kind names its colour
   * @param title what is said when one points at it
   */
  public record Bar(String kind, String title, String x, String y, String height) {}

  /** The date below a day. */
  public record Label(String text, String x) {}

  private record Part(String kind, ToLongFunction<Day> value) {}

  /** How the runs of each day ended. */
  static DayChart ofOutcomes(List<Day> days) {
    return of(
        days,
        List.of(
            new Part("succeeded", Day::succeeded),
            new Part("failed", Day::failed),
            new Part("other", Day::other)),
        "%s: %d %s");
  }

  /** How long runs took on average on each day, in milliseconds. */
  static DayChart ofDurations(List<Day> days) {
    return of(days, List.of(new Part("average", Day::averageMs)), "%s: %d ms on %s");
  }

  private static DayChart of(List<Day> days, List<Part> parts, String title) {
    long top = days.stream().mapToLong(day -> sum(day, parts)).max().orElse(0);
    List<Bar> bars =
        IntStream.range(0, days.size())
            .boxed()
            .flatMap(i -> bars(i, days.get(i), parts, Math.max(top, 1), title))
            .toList();
    int every = Math.max(1, (days.size() + MOST_LABELS - 1) / MOST_LABELS);
    List<Label> labels =
        IntStream.range(0, days.size())
            .filter(i -> i % every == 0)
            .mapToObj(i -> new Label(days.get(i).day().toString().substring(5), units(i * DAY)))
            .toList();
    return new DayChart(bars, labels, top, Math.max(days.size(), 1) * DAY);
  }

  private static long sum(Day day, List<Part> parts) {
    return parts.stream().mapToLong(part -> part.value.applyAsLong(day)).sum();
  }

  private static Stream<Bar> bars(int i, Day day, List<Part> parts, long top, String title) {
    Stream.Builder<Bar> bars = Stream.builder();
    double bottom = HEIGHT;
    for (Part part : parts) {
      long value = part.value.applyAsLong(day);
      double height = HEIGHT * value / top;
      bottom -= height;
      if (value > 0) {
        bars.add(
            new Bar(
                part.kind,
                title.formatted(day.day(), value, part.kind),
                units(i * DAY),
                units(bottom),
                units(height)));
      }
    }
    return bars.build();
  }

  private static String units(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
