package io.whimbrel.gateway.support;

import static io.restassured.RestAssured.given;

import io.restassured.specification.RequestSpecification;
import io.whimbrel.local.test.OidcResource;

/** The callers of the tests. */
public final class Callers {
  public static final String API = "/api/v1/migrations";

  private Callers() {}

  public static RequestSpecification admin() {
    return with(OidcResource.token("admin"));
  }

  public static RequestSpecification superAdmin() {
    return with(OidcResource.token("admin", "super-admin"));
  }

  public static RequestSpecification with(String token) {
    // Paths are sent as they are written here, tricks included.
    return given().urlEncodingEnabled(false).header("Authorization", "Bearer " + token);
  }
}
