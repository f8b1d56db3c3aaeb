-- Every event of every topic, as it came. The inbox keeps an event from being appended twice: a
-- unique constraint here would have to contain the day.
create sequence event_log_position;

create table event_log (
  recorded_at     timestamptz not null default now(),
  position        bigint      not null default nextval('event_log_position'),
  topic           text        not null,
  kafka_partition integer     not null,
  kafka_offset    bigint      not null,
  event_id        text        not null,
  source          text        not null,
  run_id          uuid,
  target          text,
  occurred_at     timestamptz not null,
  -- json, not jsonb: kept as it came, also where jsonb would refuse it (\u0000, 1e999999)
  payload         json        not null,
  primary key (recorded_at, position)
) partition by range (recorded_at);

create index event_log_by_run on event_log (run_id, position);

create function event_log_refuse() returns trigger language plpgsql as $$
begin
  raise exception 'event_log is append-only: % refused', tg_op using errcode = 'restrict_violation';
end $$;

-- Row triggers are inherited by partitions; statement triggers are not, so each day gets its own.
create trigger event_log_append_only before update or delete on event_log
  for each row execute function event_log_refuse();
create trigger event_log_no_truncate before truncate on event_log
  for each statement execute function event_log_refuse();

-- Makes the partition of a day (UTC) unless it is there. ATTACH, unlike PARTITION OF, lets readers
-- and writers of the other days go on.
create function event_log_ensure(day date) returns void language plpgsql as $$
declare
  partition_name text := 'event_log_' || to_char(day, 'YYYYMMDD');
begin
  if to_regclass(partition_name) is not null then
    return;
  end if;
  perform pg_advisory_xact_lock(hashtext('event_log_ensure'));
  if to_regclass(partition_name) is not null then
    return;
  end if;
  execute format('create table %I (like event_log including defaults)', partition_name);
  execute format('alter table event_log attach partition %I for values from (%L) to (%L)',
    partition_name, day::timestamp at time zone 'UTC', (day + 1)::timestamp at time zone 'UTC');
  execute format('create trigger event_log_no_truncate before truncate on %I '
    'for each statement execute function event_log_refuse()', partition_name);
end $$;

create table event_count (
  topic  text   primary key,
  events bigint not null
);

-- Where each run is, as far as its events tell. It comes out the same in whatever order, and
-- however often, they arrive.
create table run_picture (
  run_id       uuid   primary key,
  target       text   not null,
  operation    text   not null,
  state        text   not null,
  sequence     bigint not null,
  requested_at timestamptz,
  started_at   timestamptz,
  changed_at   timestamptz not null,
  finished_at  timestamptz,
  -- null while either time is unknown, which greatest(0, ...) would pass over
  duration_ms  bigint generated always as (
                 case when finished_at >= started_at
                   then (extract(epoch from (finished_at - started_at)) * 1000)::bigint
                   when finished_at < started_at then 0 end) stored,
  -- this database's clock: when the run was first heard of, and when its state was last learned
  first_seen   timestamptz not null default now(),
  last_seen    timestamptz not null default now()
);

create index run_picture_finished on run_picture (finished_at);
create index run_picture_by_target on run_picture (target, finished_at);
create index run_picture_active on run_picture (target) where finished_at is null;
create index run_picture_rejected on run_picture (last_seen) where state = 'REJECTED';

create table validation_outcome (
  validation_id uuid        primary key,
  run_id        uuid        not null,
  target        text        not null,
  phase         text        not null,
  valid         boolean     not null,
  duration_ms   bigint      not null,
  completed_at  timestamptz not null
);

create index validation_outcome_by_run on validation_outcome (run_id);
create index validation_outcome_completed on validation_outcome (completed_at);

create table dead_letter (
  topic           text        not null,
  kafka_partition integer     not null,
  kafka_offset    bigint      not null,
  reason          text        not null,
  recorded_at     timestamptz not null default now(),
  primary key (topic, kafka_partition, kafka_offset)
);

create index dead_letter_recorded on dead_letter (recorded_at);

create table alert (
  alert_id          uuid        primary key,
  severity          text        not null check (severity in ('INFO', 'WARNING', 'ERROR', 'CRITICAL')),
  kind              text        not null,
  status            text        not null check (status in ('RAISED', 'ACKNOWLEDGED', 'RESOLVED')),
  target            text,
  run_id            uuid,
  title             text        not null,
  detail            text        not null,
  deduplication_key text        not null,
  raised_at         timestamptz not null
);

-- One cause has one open alert.
create unique index alert_open_cause on alert (deduplication_key) where status <> 'RESOLVED';
create index alert_newest on alert (raised_at desc, alert_id);

-- Since when each health check says what it says.
create table health_state (
  check_name text        primary key,
  status     text        not null,
  since      timestamptz not null
);
