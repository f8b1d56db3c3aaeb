-- When a target is validated by schedule for the next time.
create table schedule (
  target text primary key,
  timing text not null,
  next_at timestamptz not null
);

-- Of the validations of one target only so many are worked on at the same time: each has a slot of
-- its own while it is. One that was claimed before there were slots has none.
alter table validation add column slot integer;
create unique index validation_slot on validation (target, slot) where slot is not null;
