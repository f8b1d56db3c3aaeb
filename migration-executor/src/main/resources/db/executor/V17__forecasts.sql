-- How fast targets are, as last measured.
create table calibration (
  target text primary key,
  measured_at timestamptz not null default now(),
  source text not null check (source in ('SCRATCH_DATABASE', 'TEMPORARY_TABLE', 'DEFAULTS')),
  -- Nanoseconds by the name of the speed
  speeds jsonb not null
);

-- How long a script was last predicted to take on a target. The run that applies it takes this
-- along, so that it stands beside what it really took.
create table prediction (
  target text not null,
  script text not null,
  checksum int,
  predicted_at timestamptz not null default now(),
  -- medianMs, lowMs and highMs; and calibratedMs: milliseconds by kind of work, uncorrected
  predicted jsonb not null,
  primary key (target, script)
);

alter table run_migration add column predicted jsonb;
create index run_migration_predicted on run_migration (run_id) where predicted is not null;
