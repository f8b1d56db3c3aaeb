package io.whimbrel.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.whimbrel.event.RunStateName;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A plan is asked for, read, approved and executed, or is out of date by then. */
@WholeSuite
class PlanST {
  private final Suite suite;

  PlanST(Suite suite) {
    this.suite = suite;
  }

  @Test
  void aPlanIsReadAsAPageAndExecutedAsItWasApproved() {
    TestTarget target = shop();

    JsonNode plan = plan(target);

    assertThat(plan.path("problems")).isEmpty();
    assertThat(plan.path("rehearsal").path("possible").asBoolean()).as("%s", plan).isTrue();
    assertThat(plan.path("migrations").path(0).path("risks").findValuesAsText("rule"))
        .contains("index-without-concurrently");
    assertThat(plan.path("migrations").path(0).path("wayBack").path("verdict").asText())
        .isEqualTo("PROVEN");
    assertThat(target.query("select count(*) from pg_class where relname = 'item_shop'"))
        .containsExactly("0");

    Answer page =
        suite.api().post("/plan", Map.of("target", target.name()), "Accept", "text/markdown");
    assertThat(page.status()).as(page.body()).isEqualTo(200);
    assertThat(page.header("Content-Type")).startsWith("text/markdown");
    assertThat(page.body()).contains("V1__index.sql", "item_shop");

    Run run = suite.api().execute(target, Map.of("planId", plan.path("planId").asText()));
    assertThat(run.state()).as("%s", run).isEqualTo(RunStateName.COMPLETED);
    assertThat(run.json().path("planId").asText()).isEqualTo(plan.path("planId").asText());
    suite.invariantsHold(target);
  }

  @Test
  void aPlanWhoseScriptHasChangedIsNotExecuted() {
    TestTarget target = shop();
    String plan = plan(target).path("planId").asText();
    target.script("V1__index.sql", "create index item_shop on item (shop, id);");

    Run run = suite.api().execute(target, Map.of("planId", plan));

    assertThat(run.state()).as("%s", run).isEqualTo(RunStateName.REJECTED);
    assertThat(run.error().path("message").asText()).contains("V1__index.sql");
    assertThat(History.of(target).applied()).isEmpty();
  }

  private TestTarget shop() {
    return suite
        .target()
        .sql("create table item (id int primary key, shop int); insert into item values (1, 1);")
        .script("V1__index.sql", "create index item_shop on item (shop);");
  }

  private JsonNode plan(TestTarget target) {
    Answer answer = suite.api().post("/plan", Map.of("target", target.name()));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.header("Location")).contains("/plans/");
    JsonNode plan = answer.json();
    Answer again = suite.api().get("/plans/" + plan.path("planId").asText());
    assertThat(again.json()).isEqualTo(plan);
    return plan;
  }
}
