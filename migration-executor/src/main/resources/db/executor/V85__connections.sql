-- The most connections to PostgreSQL that the run had at a time during an attempt at a step.
alter table run_step add column connections int;
