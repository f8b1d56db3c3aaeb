-- Validations: those asked for, those being worked on, and those with their report.
create table validation (
  id uuid primary key,
  run_id uuid,
  phase text not null check (phase in ('BEFORE', 'AFTER', 'TARGETED')),
  target text not null,
  state text not null default 'PENDING' check (state in ('PENDING', 'RUNNING', 'DONE')),
  tables jsonb not null,
  report jsonb,
  requested_at timestamptz not null default now(),
  due_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  claim uuid,
  lease_until timestamptz,
  constraint run_has_its_phases check (run_id is not null or phase = 'TARGETED'),
  constraint running_is_claimed
    check ((state = 'RUNNING') = (claim is not null) and (claim is null) = (lease_until is null)),
  constraint done_has_a_report
    check ((state = 'DONE') = (report is not null) and (report is null) = (finished_at is null))
);

-- A run has one validation of each phase, and so one answer.
create unique index validation_of_run on validation (run_id, phase) where run_id is not null;

create unique index validation_claim on validation (claim) where claim is not null;

create index validation_to_do on validation (requested_at) where state <> 'DONE';
