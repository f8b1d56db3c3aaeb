package io.whimbrel.executor.backup;

import java.io.IOException;

/**
 * The store of backups could not be asked, or would not answer. Its message names the store and
 * what to do; it says nothing about what is kept there.
 */
public final class StoreUnavailable extends IOException {
  public StoreUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
