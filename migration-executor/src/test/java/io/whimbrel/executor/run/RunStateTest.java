package io.whimbrel.executor.run;

import static io.whimbrel.event.RunStateName.APPLYING;
import static io.whimbrel.event.RunStateName.BACKING_UP;
import static io.whimbrel.event.RunStateName.CANCELLED;
import static io.whimbrel.event.RunStateName.COMPLETED;
import static io.whimbrel.event.RunStateName.FAILED;
import static io.whimbrel.event.RunStateName.PLANNED;
import static io.whimbrel.event.RunStateName.REJECTED;
import static io.whimbrel.event.RunStateName.REQUESTED;
import static io.whimbrel.event.RunStateName.ROLLBACK_FAILED;
import static io.whimbrel.event.RunStateName.ROLLED_BACK;
import static io.whimbrel.event.RunStateName.ROLLING_BACK;
import static io.whimbrel.event.RunStateName.VALIDATING;
import static io.whimbrel.event.RunStateName.VERIFYING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.whimbrel.event.RunStateName;
import io.whimbrel.executor.run.RunState.Move;
import java.lang.reflect.Method;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RunStateTest {

  /** The diagram of docs/architecture.md; what is not here is illegal. */
  static final Map<RunStateName, Set<RunStateName>> LEGAL =
      Map.of(
          REQUESTED, EnumSet.of(PLANNED, REJECTED, CANCELLED),
          PLANNED, EnumSet.of(VALIDATING, REJECTED, CANCELLED),
          VALIDATING, EnumSet.of(BACKING_UP, COMPLETED, REJECTED, CANCELLED),
          BACKING_UP, EnumSet.of(APPLYING, ROLLING_BACK, FAILED, CANCELLED),
          APPLYING, EnumSet.of(VERIFYING, ROLLING_BACK, FAILED, CANCELLED),
          VERIFYING, EnumSet.of(COMPLETED, ROLLING_BACK, FAILED),
          ROLLING_BACK, EnumSet.of(ROLLED_BACK, ROLLBACK_FAILED));

  @ParameterizedTest
  @EnumSource
  void theMethodsOfAStateAreItsLegalMoves(RunStateName name) throws Exception {
    Set<RunStateName> offered = EnumSet.noneOf(RunStateName.class);
    RunState state = RunState.of(name);
    for (Method method : state.getClass().getDeclaredMethods()) {
      if (method.getReturnType() == Move.class) {
        Move move = (Move) method.invoke(state);
        assertThat(move.from()).isEqualTo(name);
        offered.add(move.to());
      }
    }
    assertThat(offered).isEqualTo(LEGAL.getOrDefault(name, Set.of()));
  }

  @ParameterizedTest
  @EnumSource
  void aStateKnowsItsName(RunStateName name) {
    assertThat(RunState.of(name).name()).isEqualTo(name);
  }

  @Test
  void aRunCannotEndInAStateThatIsNoEnd() {
    assertThatThrownBy(() -> new RunState.Ended(APPLYING))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
