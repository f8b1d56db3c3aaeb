package io.whimbrel.executor.backup;

import io.whimbrel.local.EmbeddedPostgres;

/** The same where PostgreSQL lacks functions that hash single values. */
class ContentFingerprintOnOldestIT extends ContentFingerprintIT {

  @Override
  EmbeddedPostgres server() {
    return EmbeddedPostgres.sharedOldest();
  }
}
