package io.whimbrel.gateway.problem;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkiverse.resteasy.problem.postprocessing.ProblemContext;
import io.quarkiverse.resteasy.problem.postprocessing.ProblemPostProcessor;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Gives the problems that routing and the framework tell of their types, and takes the path away
 * from all of them, which would repeat what was sent.
 */
@ApplicationScoped
class TypedProblems implements ProblemPostProcessor {
  @Override
  public HttpProblem apply(HttpProblem problem, ProblemContext context) {
    HttpProblem.Builder typed = HttpProblem.builder(problem).withInstance(null);
    if (problem.getType() == null) {
      ProblemType.ofStatus(problem.getStatusCode())
          .ifPresent(type -> typed.withType(type.uri()).withTitle(type.title()));
    }
    return typed.build();
  }
}
