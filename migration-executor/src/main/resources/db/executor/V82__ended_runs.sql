-- How many runs have ended and how long they took, noted as they end: to count them all takes the
-- longer the more there are. Each statement adds lines of its own, so that nobody waits for anybody;
-- add_up_ended_runs makes one of those of a state. Runs that have ended stay as they are.
create table ended_runs (
  state text not null,
  runs bigint not null,
  -- Those of them that had started, and their milliseconds from start to end.
  timed bigint not null,
  duration_ms double precision not null
);

create function count_ended_runs() returns trigger language plpgsql as $$
begin
  insert into ended_runs
    select state, count(*), count(started_at),
      coalesce(sum(extract(epoch from finished_at - started_at) * 1000), 0)
    from written where finished_at is not null group by state;
  return null;
end $$;

create function count_ended_run() returns trigger language plpgsql as $$
begin
  insert into ended_runs values (new.state, 1, (new.started_at is not null)::int,
    coalesce(extract(epoch from new.finished_at - new.started_at) * 1000, 0));
  return null;
end $$;

create function add_up_ended_runs() returns void language sql as $$
  with these as (delete from ended_runs returning *)
  insert into ended_runs
    select state, sum(runs), sum(timed), sum(duration_ms) from these group by state
$$;

lock table run in share row exclusive mode;

insert into ended_runs
  select state, count(*), count(started_at),
    coalesce(sum(extract(epoch from finished_at - started_at) * 1000), 0)
  from run where finished_at is not null group by state;

create trigger run_ended_at_once after insert on run referencing new table as written
  for each statement execute function count_ended_runs();
create trigger run_ended after update on run for each row
  when (old.finished_at is null and new.finished_at is not null) execute function count_ended_run();

create index run_open on run (state) where finished_at is null;
