-- Every command, in an unbroken row of positions; each row carries the hash of the one before it.
create table audit_entry (
  position   bigint      primary key check (position > 0),
  at         timestamptz not null,
  caller     text        not null,
  source     text        not null,
  command    text        not null,
  subject    text,
  target     text,
  outcome    text        not null,
  detail     text,
  -- what brought the entry, so that it is entered once; null for what cannot come twice
  cause      text        unique,
  previous   bytea       not null,
  hash       bytea       not null
);

create index audit_entry_by_subject on audit_entry (subject, position);
create index audit_entry_by_caller on audit_entry (caller, position);

create function audit_entry_refuse() returns trigger language plpgsql as $$
begin
  raise exception 'audit_entry is append-only: % refused', tg_op
    using errcode = 'restrict_violation';
end $$;

create trigger audit_entry_append_only before update or delete on audit_entry
  for each row execute function audit_entry_refuse();
create trigger audit_entry_no_truncate before truncate on audit_entry
  for each statement execute function audit_entry_refuse();

-- The newest entry. Whoever appends locks this row, so that the trail has no branches and no gaps.
create table audit_head (
  position bigint not null,
  hash     bytea  not null
);
create unique index audit_head_once on audit_head ((true));
insert into audit_head values (0, decode(repeat('00', 32), 'hex'));
