-- Tokens that only grow: whoever claims a step of a run gets the next one.
create sequence fence_token as bigint;

create table run (
  run_id uuid primary key,
  -- The order in which runs were asked for, which is the order in which a target works them off.
  position bigint generated always as identity unique,
  operation text not null check (operation in ('VALIDATE', 'EXECUTE', 'ROLLBACK')),
  target text not null,
  state text not null check (state in (
    'REQUESTED', 'PLANNED', 'VALIDATING', 'BACKING_UP', 'APPLYING', 'VERIFYING', 'ROLLING_BACK',
    'COMPLETED', 'REJECTED', 'FAILED', 'CANCELLED', 'ROLLED_BACK', 'ROLLBACK_FAILED')),
  -- Whether the run holds its target. A run that waits for its turn or has ended does not.
  active boolean not null default false,
  sequence bigint not null default 0,
  token bigint not null default 0,
  request jsonb not null,
  source text not null,
  may_lose_data boolean not null,
  requested_by text,
  requested_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz,
  plan jsonb,
  validation_before jsonb,
  validation_after jsonb,
  backup jsonb,
  rollback jsonb,
  progress jsonb,
  error jsonb,
  check (not active or state not in (
    'COMPLETED', 'REJECTED', 'FAILED', 'CANCELLED', 'ROLLED_BACK', 'ROLLBACK_FAILED')),
  check (active or state in ('REQUESTED',
    'COMPLETED', 'REJECTED', 'FAILED', 'CANCELLED', 'ROLLED_BACK', 'ROLLBACK_FAILED')),
  check ((finished_at is not null) = (state in (
    'COMPLETED', 'REJECTED', 'FAILED', 'CANCELLED', 'ROLLED_BACK', 'ROLLBACK_FAILED')))
);

create unique index run_one_active_per_target on run (target) where active;
create index run_queue on run (target, position) where state = 'REQUESTED';
create index run_by_state on run (state, position);
create index run_by_target on run (target, position);

-- A terminal state never changes.
create function run_has_ended() returns trigger language plpgsql as $$
begin
  raise exception 'run % has ended as % and cannot become %', old.run_id, old.state, new.state
    using errcode = 'check_violation';
end $$;

create trigger run_ends_once before update of state, active on run for each row
  when (old.finished_at is not null) execute function run_has_ended();

create table run_migration (
  run_id uuid not null references run on delete cascade,
  position int not null,
  script text not null,
  kind text not null,
  version text,
  description text not null,
  checksum int,
  state text not null check (state in ('PENDING', 'APPLYING', 'APPLIED', 'FAILED', 'UNDONE')),
  xid text,
  duration_ms bigint,
  rows bigint,
  lock_wait_ms bigint,
  -- What the touched tables held at the begin and at the end of the script's transaction.
  fingerprint_begin jsonb,
  fingerprint_end jsonb,
  primary key (run_id, position)
);

create table run_step (
  run_id uuid not null references run on delete cascade,
  step text not null,
  attempt int not null,
  started_at timestamptz not null,
  finished_at timestamptz,
  outcome text,
  primary key (run_id, step, attempt)
);

-- What was published of a run, for those who start to listen late.
create table run_event (
  run_id uuid not null references run on delete cascade,
  sequence bigint not null,
  event jsonb not null,
  primary key (run_id, sequence)
);

-- The steps that are to be done, in the form the scheduler expects.
create table scheduled_tasks (
  task_name text not null,
  task_instance text not null,
  task_data bytea,
  execution_time timestamptz not null,
  picked boolean not null,
  picked_by text,
  last_success timestamptz,
  last_failure timestamptz,
  consecutive_failures int,
  last_heartbeat timestamptz,
  version bigint not null,
  priority smallint,
  primary key (task_name, task_instance)
);

create index scheduled_tasks_due on scheduled_tasks (execution_time);
create index scheduled_tasks_heartbeat on scheduled_tasks (last_heartbeat);
