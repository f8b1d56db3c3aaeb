-- The slowest statements of a migration: number, milliseconds, whether others were sent with it, rows.
alter table run_migration add column statements jsonb;
