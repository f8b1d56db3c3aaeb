package io.whimbrel.monitoring.report;

import static io.restassured.RestAssured.given;
import static io.whimbrel.local.test.OidcResource.token;
import static io.whimbrel.monitoring.Published.publish;
import static io.whimbrel.monitoring.Runs.progress;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.whimbrel.event.RunStateName;
import io.whimbrel.monitoring.Database;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a person sees of a report: a browser without a window paints it, and says what it missed.
 */
@QuarkusTest
class ReportInBrowserIT {
  private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
  private static final int SUCCEEDED = 0x2f7d4f;
  private static final int FAILED = 0xc0392b;
  private static final int AVERAGE = 0x31639c;

  @TempDir Path directory;

  @Test
  void aBrowserPaintsTheChartsAndMissesNothing() throws Exception {
    assumeTrue(onPath(), "chromium is not on the path; Debian has it");
    String target = "seen-" + UUID.randomUUID();
    for (RunStateName end : new RunStateName[] {RunStateName.COMPLETED, RunStateName.FAILED}) {
      UUID run = UUID.randomUUID();
      publish(
          progress(run, target, 1, RunStateName.APPLYING, NOON),
          progress(run, target, 2, end, NOON.plusSeconds(90)));
    }
    await()
        .atMost(Duration.ofSeconds(40))
        .until(
            () ->
                Database.count(
                        "select count(*) from run_picture where target = ?"
                            + " and finished_at is not null",
                        target)
                    == 2);

    BufferedImage painted = paint(page(target));

    // The bar of a day is 160 high; half of it succeeded and half failed. Edges may be blurred.
    assertThat(tallest(painted, SUCCEEDED)).isBetween(78, 80);
    assertThat(tallest(painted, FAILED)).isBetween(78, 80);
    assertThat(tallest(painted, AVERAGE)).isBetween(158, 160);
    assertThat(Files.readString(directory.resolve("log")))
        .as("what the page's policy refused, or scripts complained of")
        .doesNotContain("CONSOLE")
        .doesNotContain("Refused to");
  }

  private Path page(String target) throws IOException {
    String html =
        given()
            .auth()
            .oauth2(token("admin"))
            .get("/api/v1/migrations/report?format=html&target=" + target)
            .then()
            .statusCode(200)
            .extract()
            .asString();
    return Files.writeString(directory.resolve("report.html"), html);
  }

  private BufferedImage paint(Path page) throws IOException, InterruptedException {
    Path image = directory.resolve("report.png");
    Process browser =
        new ProcessBuilder(
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--enable-logging=stderr",
                "--force-color-profile=srgb",
                "--force-device-scale-factor=1",
                "--user-data-dir=" + directory.resolve("profile"),
                "--window-size=1200,2000",
                "--screenshot=" + image,
                page.toUri().toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
    try {
      assertThat(browser.waitFor(60, TimeUnit.SECONDS)).as("painted in time").isTrue();
    } finally {
      browser.destroyForcibly().waitFor();
    }
    assertThat(image).exists();
    return ImageIO.read(image.toFile());
  }

  /** How many pixels of a colour stand one above the other at most. */
  private static int tallest(BufferedImage painted, int colour) {
    int tallest = 0;
    for (int x = 0; x < painted.getWidth(); x++) {
      int height = 0;
      for (int y = 0; y < painted.getHeight(); y++) {
        height = (painted.getRGB(x, y) & 0xffffff) == colour ? height + 1 : 0;
        tallest = Math.max(tallest, height);
      }
    }
    return tallest;
  }

  private static boolean onPath() {
    return Stream.of(String.valueOf(System.getenv("PATH")).split(File.pathSeparator))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, "chromium")));
  }
}
