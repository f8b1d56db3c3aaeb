package io.whimbrel.local.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class ReportTest {

  private final ObjectMapper json = new ObjectMapper();

  @Test
  void aRunThatEndedOtherwiseIsSeenAndNamed() throws Exception {
    Report report = new Report();
    report.add(
        Scene.of("102", "A backfill", "COMPLETED"),
        json.readTree(
            """
            {"state": "COMPLETED", "durationMs": 61500, "migrations": [{"rows": 1000000}],
             "backup": {"tables": 1, "rows": 2500}}\
            """));
    assertThat(report.allAsExpected()).isTrue();

    report.add(
        Scene.of("103", "Orphans", "ROLLED_BACK"),
        json.readTree(
            """
            {"state": "FAILED", "durationMs": 900, "migrations": [],
             "error": {"message": "out of disk"}}\
            """));
    assertThat(report.allAsExpected()).isFalse();
    assertThat(report.toString().replaceAll(" +", " ").lines())
        .contains(
            "A backfill COMPLETED yes 1 1,000,000 1 min 2 s backup of 2,500 rows in 1 table",
            "Orphans FAILED no 0 0 0.9 s out of disk");
  }
}
