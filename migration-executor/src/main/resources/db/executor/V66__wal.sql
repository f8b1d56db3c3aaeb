-- What the session wrote for a migration, where the target counts it by session.
alter table run_migration add column wal_bytes bigint;
