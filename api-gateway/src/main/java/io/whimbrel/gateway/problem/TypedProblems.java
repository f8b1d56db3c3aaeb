package io.whimbrel.gateway.problem;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkiverse.resteasy.problem.postprocessing.ProblemContext;
import io.quarkiverse.resteasy.problem.postprocessing.ProblemPostProcessor;
import jakarta.enterprise.context.ApplicationScoped;

/** Gives the problems that routing and the framework tell of their types. */
@ApplicationScoped
class TypedProblems implements ProblemPostProcessor {
  @Override
  public HttpProblem apply(HttpProblem problem, ProblemContext context) {
    if (problem.getType() != null) {
      return problem;
    }
    return ProblemType.ofStatus(problem.getStatusCode())
        .map(
            type ->
                HttpProblem.builder(problem).withType(type.uri()).withTitle(type.title()).build())
        .orElse(problem);
  }
}
