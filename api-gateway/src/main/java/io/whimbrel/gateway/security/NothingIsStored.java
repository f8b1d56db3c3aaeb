package io.whimbrel.gateway.security;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Has no cache keep an answer, unless the answer itself says how long it may be kept. */
@ApplicationScoped
class NothingIsStored {
  private static final int FIRST = 1000;

  void register(@Observes Filters filters) {
    filters.register(
        request -> {
          request.addHeadersEndHandler(
              sent -> {
                MultiMap headers = request.response().headers();
                if (!headers.contains(HttpHeaders.CACHE_CONTROL)) {
                  headers.set(HttpHeaders.CACHE_CONTROL, "no-store");
                }
              });
          request.next();
        },
        FIRST);
  }
}
