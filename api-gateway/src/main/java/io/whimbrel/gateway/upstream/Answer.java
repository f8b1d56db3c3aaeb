package io.whimbrel.gateway.upstream;

import io.vertx.core.buffer.Buffer;
import jakarta.ws.rs.core.Response;
import java.util.Map;

/**
 * What a service answered.
 *
 * @param headers the ones that are passed on
 */
public record Answer(int status, Map<String, String> headers, Buffer body) {

  static Answer empty(int status, Map<String, String> headers) {
    return new Answer(status, headers, Buffer.buffer());
  }

  public Response response() {
    Response.ResponseBuilder response = Response.status(status);
    headers.forEach(response::header);
    return body.length() == 0 ? response.build() : response.entity(body).build();
  }
}
