package io.whimbrel.executor.run;

import io.whimbrel.executor.apply.CrashPoint;
import jakarta.annotation.Priority;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;
import jakarta.transaction.Status;
import jakarta.transaction.TransactionManager;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Passes the point of a durable write before its transaction begins and after it has committed. */
@Interceptor
@Durable(CrashPoint.RUN_STATE)
@Priority(DurableWrite.OUTSIDE_OF_TRANSACTIONS)
class DurableWrite {
  /** Just before the interceptor of {@code @Transactional}, which has 200. */
  static final int OUTSIDE_OF_TRANSACTIONS = Interceptor.Priority.PLATFORM_BEFORE + 199;

  private final TransactionManager transactions;

  DurableWrite(TransactionManager transactions) {
    this.transactions = transactions;
  }

  @AroundInvoke
  @Nullable Object pass(InvocationContext write) throws Exception {
    if (transactions.getStatus() != Status.STATUS_NO_TRANSACTION) {
      return write.proceed();
    }
    Durable durable = write.getMethod().getAnnotation(Durable.class);
    CrashPoint point = Objects.requireNonNull(durable).value();
    point.before();
    Object result = write.proceed();
    point.after();
    return result;
  }
}
