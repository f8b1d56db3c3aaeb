-- How long the migrations of a run are predicted to take at most; and what an ended run took
-- besides time, as far as it told: waits for locks and WAL of the migrations that it applied,
-- attempts at steps that were made again, and the size of its backup.
alter table run_picture
  add column predicted_high_ms double precision,
  add column lock_wait_ms      bigint,
  add column wal_bytes         bigint,
  add column retries           bigint,
  add column backup_bytes      bigint;
