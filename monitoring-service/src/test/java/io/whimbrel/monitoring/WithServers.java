package io.whimbrel.monitoring;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.whimbrel.local.test.KafkaResource;
import io.whimbrel.local.test.OidcResource;
import io.whimbrel.local.test.PostgresResource;

/** The servers of all tests of the service, real ones. */
@QuarkusTestResource(
    value = PostgresResource.class,
    initArgs = @ResourceArg(name = "database", value = Database.NAME))
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(OidcResource.class)
final class WithServers {
  private WithServers() {}
}
