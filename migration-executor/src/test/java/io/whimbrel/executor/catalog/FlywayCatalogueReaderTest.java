package io.whimbrel.executor.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlywayCatalogueReaderTest {

  @TempDir Path one;
  @TempDir Path two;

  @Test
  void findsEveryKindInAllLocationsAndTheirSubdirectories() throws IOException {
    write(one, "V2__Add_user_table.sql", "select 2");
    write(one, "deep/er/V1.5__first.sql", "select 1.5");
    write(two, "V10__tenth.sql", "select 10");
    write(two, "R__views.sql", "select 0");
    write(one, "U2__Add_user_table.sql", "select -2");

    Catalogue catalogue = read();

    assertThat(catalogue.problems()).isEmpty();
    assertThat(catalogue.notices()).isEmpty();
    assertThat(catalogue.versioned())
        .extracting(Migration::script)
        .containsExactly("deep/er/V1.5__first.sql", "V2__Add_user_table.sql", "V10__tenth.sql");
    assertThat(catalogue.repeatable()).extracting(Migration::label).containsExactly("views");
    assertThat(catalogue.undoOf(Version.of("2.0")).orElseThrow().script())
        .isEqualTo("U2__Add_user_table.sql");
    assertThat(catalogue.version(Version.of("2")).orElseThrow().label())
        .isEqualTo("2 Add user table");
  }

  @Test
  void aMigrationIsNamedByVersionDescriptionOrFile() throws IOException {
    write(one, "V2__Add_user_table.sql", "select 2");
    write(one, "deep/V3__other.sql", "select 3");
    Catalogue catalogue = read();

    for (String name :
        List.of("2", "2.0", "AddUserTable", "Add user table", "V2__Add_user_table.sql")) {
      assertThat(catalogue.named(name).label()).isEqualTo("2 Add user table");
    }
    assertThat(catalogue.named("deep/V3__other.sql")).isEqualTo(catalogue.named("V3__other.sql"));
    assertThatThrownBy(() -> catalogue.named("4"))
        .isInstanceOf(Refusal.class)
        .hasMessageStartingWith("No migration is named '4'; name one by");
  }

  @Test
  void anAmbiguousNameIsRefusedWithItsCandidates() throws IOException {
    write(one, "V2__Fix.sql", "select 2");
    write(one, "V3__fix.sql", "select 3");

    assertThatThrownBy(() -> read().named("Fix"))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("ambiguous")
        .hasMessageContaining("V2__Fix.sql, V3__fix.sql");
  }

  @Test
  void problemsNameTheFileAndTheRemedy() throws IOException {
    write(one, "V1__a.sql", "select 1");
    write(two, "V1.0__b.sql", "select 1");
    write(one, "V1x__c.sql", "select 1");
    write(one, "V__d.sql", "select 1");
    write(one, "R1__e.sql", "select 1");
    write(one, "U9__f.sql", "select 1");
    write(one, "R__g.sql", "select 1");
    write(two, "R__g.sql", "select 2");
    Files.write(one.resolve("V3__latin.sql"), "select 'ü'".getBytes(StandardCharsets.ISO_8859_1));

    Path missing = one.resolve("missing");
    Catalogue catalogue = new FlywayCatalogueReader().read(List.of(one, two, missing));

    assertThat(catalogue.problems()).hasSize(8);
    assertThat(catalogue.problems())
        .anyMatch(p -> p.contains("V1__a.sql and ") && p.contains("both have version 1"))
        .anyMatch(p -> p.startsWith("V1x__c.sql: the version is not numbers"))
        .anyMatch(p -> p.startsWith("V__d.sql: the version is not numbers"))
        .anyMatch(p -> p.startsWith("R1__e.sql: a repeatable migration has no version"))
        .anyMatch(p -> p.startsWith("U9__f.sql: there is no migration 9"))
        .anyMatch(p -> p.contains("both have the description g"))
        .anyMatch(p -> p.equals("V3__latin.sql: is not valid UTF-8; convert it to UTF-8"))
        .anyMatch(p -> p.startsWith(missing + ": is not a directory"));
  }

  @Test
  void filesThatAreNoMigrationsArePassedOverAndNamed() throws IOException {
    write(one, "beforeClean.sql", "select 1");
    write(one, "B5__base.sql", "select 1");
    write(one, "Views.sql", "select 1");
    write(one, "README.md", "hello");
    write(one, "..data/V1__mounted.sql", "select 1");

    Catalogue catalogue = read();

    assertThat(catalogue.problems()).isEmpty();
    assertThat(catalogue.versioned()).isEmpty();
    assertThat(catalogue.notices())
        .containsExactly(
            "Views.sql has no name of a migration, and is not run",
            "beforeClean.sql is a callback of an event that Whimbrel does not have; it never"
                + " runs");
    assertThat(catalogue.uncarried()).isEmpty();
    assertThat(catalogue.baselines()).extracting(Migration::script).containsExactly("B5__base.sql");
  }

  @Test
  void callbacksAreThereByMomentInTheOrderOfTheirDescriptions() throws IOException {
    write(one, "afterMigrate__b.sql", "select 1");
    write(two, "afterMigrate__a.sql", "select 1");
    write(two, "afterMigrate.sql", "select 1");
    write(one, "beforeEachMigrate.sql", "select 1");

    Catalogue catalogue = read();

    assertThat(catalogue.problems()).isEmpty();
    assertThat(catalogue.callbacks())
        .containsOnlyKeys(Moment.AFTER_MIGRATE, Moment.BEFORE_EACH_MIGRATE);
    assertThat(catalogue.callbacks().get(Moment.AFTER_MIGRATE))
        .extracting(Migration::script)
        .containsExactly("afterMigrate.sql", "afterMigrate__a.sql", "afterMigrate__b.sql");

    write(one, "afterMigrate.sql", "select 1");
    assertThat(read().problems()).singleElement().asString().contains("both are afterMigrate");
  }

  @Test
  void theConfFileBesideAScriptCounts() throws IOException {
    write(one, "V1__a.sql", "vacuum");
    write(one, "V1__a.sql.conf", "executeInTransaction=false\nplaceholderReplacement = FALSE\n");
    write(one, "V2__b.sql", "select 1");
    write(one, "V3__c.sql", "select 1");
    write(one, "V3__c.sql.conf", "shouldExecute=false");

    Catalogue catalogue = read();

    assertThat(catalogue.named("1").config()).isEqualTo(new ScriptConfig(false, false));
    assertThat(catalogue.named("2").config()).isEqualTo(ScriptConfig.DEFAULT);
    assertThat(catalogue.problems())
        .singleElement()
        .asString()
        .startsWith("V3__c.sql: its .conf file has a key that is not supported; use");
  }

  @Test
  void aByteOrderMarkIsNotPartOfTheScript() throws IOException {
    write(one, "V1__a.sql", "\uFEFFselect 1;\r\n");
    write(one, "V2__b.sql", "select 1;\n");

    Catalogue catalogue = read();

    assertThat(catalogue.named("1").text().whole()).startsWith("select");
    assertThat(catalogue.named("1").checksum()).isEqualTo(catalogue.named("2").checksum());
  }

  private Catalogue read() {
    return new FlywayCatalogueReader().read(List.of(one, two));
  }

  private static void write(Path location, String name, String text) throws IOException {
    Path file = location.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
