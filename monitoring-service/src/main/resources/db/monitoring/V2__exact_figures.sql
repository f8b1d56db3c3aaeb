-- When a run entered what it does, for how long each took; and what stopped it.
alter table run_picture
  add column validating_at   timestamptz,
  add column backing_up_at   timestamptz,
  add column applying_at     timestamptz,
  add column verifying_at    timestamptz,
  add column rolling_back_at timestamptz,
  add column rows_done       bigint,
  add column sql_state       text;

create index run_picture_by_first_seen on run_picture (first_seen);

-- Which of two things said of a run counts: an end before all else, of two ends the earlier, of
-- two others the later one. It comes out the same in whatever order they arrive.
create function run_picture_yields(
  finished_at timestamptz, sequence bigint, new_finished_at timestamptz, new_sequence bigint)
  returns boolean language sql immutable as $$
  select case
    when finished_at is null then new_finished_at is not null or new_sequence > sequence
    else new_finished_at is not null and new_sequence < sequence end
$$;

-- What the ended runs of a day (UTC) add up to; the row of the day -infinity adds up all days.
-- The triggers below keep it equal to the sum over run_picture, and cleaning up leaves it alone:
-- the figures of a forgotten run stay.
create table run_figure (
  day         date   not null,
  target      text   not null,
  operation   text   not null,
  state       text   not null,
  runs        bigint not null,
  duration_ms bigint not null,
  primary key (day, target, operation, state)
);

create table target_seen (
  target     text        primary key,
  first_seen timestamptz not null
);

create function run_figure_add() returns trigger language plpgsql as $$
begin
  insert into target_seen (target, first_seen)
    select target, min(first_seen) from added group by target order by target
    on conflict (target) do nothing;
  insert into run_figure as f
    select d.day, target, operation, state, count(*), coalesce(sum(duration_ms), 0)
    from added, lateral (values ((finished_at at time zone 'UTC')::date), ('-infinity')) d (day)
    where finished_at is not null
    group by 1, 2, 3, 4 order by 1, 2, 3, 4
    on conflict (day, target, operation, state) do update set
      runs = f.runs + excluded.runs, duration_ms = f.duration_ms + excluded.duration_ms;
  return null;
end $$;

create function run_figure_move() returns trigger language plpgsql as $$
begin
  insert into target_seen (target, first_seen)
    select target, min(first_seen) from added group by target order by target
    on conflict (target) do nothing;
  insert into run_figure as f
    select d.day, target, operation, state, sum(sign), coalesce(sum(sign * duration_ms), 0)
    from (select 1 as sign, target, operation, state, finished_at, duration_ms from added
        union all
        select -1, target, operation, state, finished_at, duration_ms from taken) moved,
      lateral (values ((finished_at at time zone 'UTC')::date), ('-infinity')) d (day)
    where finished_at is not null
    group by 1, 2, 3, 4
    having sum(sign) <> 0 or coalesce(sum(sign * duration_ms), 0) <> 0
    order by 1, 2, 3, 4
    on conflict (day, target, operation, state) do update set
      runs = f.runs + excluded.runs, duration_ms = f.duration_ms + excluded.duration_ms;
  return null;
end $$;

create trigger run_figure_add after insert on run_picture
  referencing new table as added for each statement execute function run_figure_add();
create trigger run_figure_move after update on run_picture
  referencing old table as taken new table as added
  for each statement execute function run_figure_move();

-- The same for validations, which never change.
create table validation_figure (
  day         date   not null,
  target      text   not null,
  valid       boolean not null,
  validations bigint not null,
  duration_ms bigint not null,
  primary key (day, target, valid)
);

alter table validation_outcome add column recorded_at timestamptz not null default now();
create index validation_outcome_by_target on validation_outcome (target, completed_at);

create function validation_figure_add() returns trigger language plpgsql as $$
begin
  insert into validation_figure as f
    select d.day, target, valid, count(*), sum(duration_ms)
    from added, lateral (values ((completed_at at time zone 'UTC')::date), ('-infinity')) d (day)
    group by 1, 2, 3 order by 1, 2, 3
    on conflict (day, target, valid) do update set
      validations = f.validations + excluded.validations,
      duration_ms = f.duration_ms + excluded.duration_ms;
  return null;
end $$;

create trigger validation_figure_add after insert on validation_outcome
  referencing new table as added for each statement execute function validation_figure_add();

-- What was there before these tables.
insert into target_seen select target, min(first_seen) from run_picture group by target;
insert into run_figure
  select d.day, target, operation, state, count(*), coalesce(sum(duration_ms), 0)
  from run_picture, lateral (values ((finished_at at time zone 'UTC')::date), ('-infinity')) d (day)
  where finished_at is not null
  group by 1, 2, 3, 4;
insert into validation_figure
  select d.day, target, valid, count(*), sum(duration_ms)
  from validation_outcome,
    lateral (values ((completed_at at time zone 'UTC')::date), ('-infinity')) d (day)
  group by 1, 2, 3;

-- Alerts and dead letters ever, which cleaning up leaves alone as well.
create table alert_count (
  kind     text   not null,
  severity text   not null,
  alerts   bigint not null,
  primary key (kind, severity)
);
insert into alert_count select kind, severity, count(*) from alert group by kind, severity;

create table dead_letter_count (
  topic   text   primary key,
  letters bigint not null
);
insert into dead_letter_count select topic, count(*) from dead_letter group by topic;

-- Before this, single runs, alerts, dead letters and days of the log may be gone.
create table cleaned (
  until timestamptz not null
);
insert into cleaned values ('-infinity');
create unique index cleaned_once on cleaned ((true));

alter table alert
  add column acknowledged_at timestamptz,
  add column acknowledged_by text,
  add column note            text,
  add column resolved_at     timestamptz,
  add column silenced        boolean not null default false;

create index alert_open on alert (kind, target) where status <> 'RESOLVED';
create index alert_by_run on alert (run_id) where status <> 'RESOLVED';

-- Whether a day of the log tells of a run that has not ended, or of an open alert.
create function event_log_needed(partition_name text) returns boolean language plpgsql as $$
declare
  needed boolean;
begin
  execute format('select exists (select from %1$I e join run_picture r on r.run_id = e.run_id
      where r.finished_at is null)
    or exists (select from %1$I e join alert a on a.run_id = e.run_id
      where a.status <> ''RESOLVED'')', partition_name)
    into needed;
  return needed;
end $$;

-- Drops a day of the log, unless it is needed.
create function event_log_drop(day date) returns boolean language plpgsql as $$
declare
  partition_name text := 'event_log_' || to_char(day, 'YYYYMMDD');
begin
  if to_regclass(partition_name) is null or event_log_needed(partition_name) then
    return false;
  end if;
  execute format('drop table %I', partition_name);
  return true;
end $$;
