package io.whimbrel.gateway.body;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.quarkiverse.resteasy.problem.HttpProblem;
import io.whimbrel.gateway.problem.Problems;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Reads a body and nothing else: an unknown or repeated field, a value of another type, something
 * behind the object or a nesting that no body has is a 400, which names fields that bodies have and
 * repeats nothing that was sent.
 */
public final class StrictJson {
  private static final int MAX_DEPTH = 4;

  private static final JsonMapper MAPPER = mapper();

  private StrictJson() {}

  public static <B extends Body> B read(String json, Class<B> as) {
    try {
      B body = MAPPER.readValue(json, as);
      if (body == null) {
        throw Problems.badRequest("The body must be a JSON object.");
      }
      return body;
    } catch (StreamConstraintsException tooMuch) {
      throw Problems.badRequest("The body is nested too deeply or holds too long a value.");
    } catch (UnrecognizedPropertyException unknown) {
      throw Problems.badRequest("The body has a field that is not one of " + known(unknown) + ".");
    } catch (JsonMappingException mismatch) {
      throw ofMismatch(mismatch);
    } catch (JsonProcessingException malformed) {
      throw Problems.badRequest("The body is not well-formed JSON, or repeats a field.");
    }
  }

  private static HttpProblem ofMismatch(JsonMappingException mismatch) {
    if (mismatch.getCause() instanceof HttpProblem problem) {
      return problem;
    }
    List<JsonMappingException.Reference> path = mismatch.getPath();
    String field = path.isEmpty() ? null : path.get(0).getFieldName();
    return field == null
        ? Problems.badRequest("The body must be one JSON object and nothing else.")
        : Problems.badRequest(field, field + " has a value of the wrong type, or is repeated.");
  }

  private static String known(UnrecognizedPropertyException unknown) {
    return unknown.getKnownPropertyIds().stream()
        .map(String::valueOf)
        .collect(Collectors.toCollection(TreeSet::new))
        .toString();
  }

  private static JsonMapper mapper() {
    JsonMapper mapper =
        JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfigDefaults(
                any -> any.setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail))
            .withCoercionConfig(
                LogicalType.Textual,
                text ->
                    text.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail)
                        .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                        .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                        .setCoercion(CoercionInputShape.EmptyString, CoercionAction.TryConvert))
            .build();
    mapper
        .getFactory()
        .setStreamReadConstraints(
            StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).maxNumberLength(32).build());
    return mapper;
  }
}
