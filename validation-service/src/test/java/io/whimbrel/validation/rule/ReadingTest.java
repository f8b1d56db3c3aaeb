package io.whimbrel.validation.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.event.Severity;
import io.whimbrel.event.TableName;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReadingTest {

  @Test
  void allConditionsOnTheRowsOfATableAreOneReading() {
    List<Reading> readings =
        Reading.of(
            List.of(
                condition("a", "x is null"),
                new Look.Known(null, List.of()),
                condition("b", "x is null"),
                condition("a", "y < 0")));
    assertThat(readings).extracting(reading -> reading.looks().size()).containsExactly(1, 2, 1);
  }

  @Test
  void moreConditionsThanAQueryTakesAreSeveralReadings() {
    List<Look> looks =
        IntStream.range(0, 1000).<Look>mapToObj(i -> condition("a", "c" + i + " is null")).toList();
    assertThat(Reading.of(looks))
        .extracting(reading -> reading.looks().size())
        .containsExactly(400, 400, 200);
  }

  private static Look.Condition condition(String table, String where) {
    TableName name = new TableName("public", table);
    return Look.Condition.on(
        new Table(1, name, name.toString(), false, false, true, false, 1, List.of()),
        name.toString(),
        where,
        evidence -> new Finding(Severity.ERROR, name, null, evidence.rows(), "", List.of(), null));
  }
}
