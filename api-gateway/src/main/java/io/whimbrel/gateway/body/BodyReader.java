package io.whimbrel.gateway.body;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.ext.web.RoutingContext;
import io.whimbrel.gateway.problem.Problems;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.MessageBodyReader;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import org.jspecify.annotations.Nullable;

/** Takes in the bytes of a body: not more than allowed, and only UTF-8. */
@Provider
@Consumes(MediaType.APPLICATION_JSON)
public class BodyReader implements MessageBodyReader<Body> {
  private final BodyConfig config;
  private final CurrentVertxRequest request;

  BodyReader(BodyConfig config, CurrentVertxRequest request) {
    this.config = config;
    this.request = request;
  }

  @Override
  public boolean isReadable(
      Class<?> type, Type generic, Annotation[] annotations, MediaType mediaType) {
    return Body.class.isAssignableFrom(type);
  }

  @Override
  public Body readFrom(
      Class<Body> type,
      Type generic,
      Annotation[] annotations,
      MediaType mediaType,
      MultivaluedMap<String, String> headers,
      InputStream body)
      throws IOException {
    refuseEncoded(headers.getFirst(HttpHeaders.CONTENT_ENCODING));
    String charset = mediaType.getParameters().get(MediaType.CHARSET_PARAMETER);
    if (charset != null && !charset.equalsIgnoreCase(UTF_8.name())) {
      throw Problems.unsupported("The body must be JSON in UTF-8.");
    }
    refuseLonger(declaredLength(headers.getFirst(HttpHeaders.CONTENT_LENGTH)));
    byte[] bytes = body.readNBytes(config.maxBody() + 1);
    refuseLonger(bytes.length);
    return bytes.length == 0 && type.equals((Class<?>) JsonObject.class)
        ? JsonObject.empty()
        : StrictJson.read(text(bytes), type);
  }

  private static void refuseEncoded(@Nullable String encoding) {
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      throw Problems.unsupported("The body must not be compressed.");
    }
  }

  private void refuseLonger(long length) {
    if (length > config.maxBody()) {
      // The rest stays unread, so nothing else can come over this connection.
      RoutingContext exchange = request.getCurrent();
      exchange.addEndHandler(answered -> exchange.request().connection().close());
      throw Problems.tooLarge("The body must have at most " + config.maxBody() + " bytes.");
    }
  }

  private static long declaredLength(@Nullable String header) {
    try {
      return header == null ? 0 : Long.parseLong(header);
    } catch (NumberFormatException tooLong) {
      return Long.MAX_VALUE;
    }
  }

  private static String text(byte[] bytes) {
    if (bytes.length == 0) {
      throw Problems.badRequest("The body is missing.");
    }
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException invalid) {
      throw Problems.badRequest("The body is not valid UTF-8.");
    }
  }
}
