-- Every backup, once it was written and read back. What was deleted keeps its row.
create table backup (
  backup_id uuid primary key,
  run_id uuid not null references run on delete cascade,
  target text not null,
  purpose text not null check (purpose in ('BEFORE_RUN', 'BEFORE_ROLLBACK')),
  -- Below the backup directory. An attempt that begins anew replaces what the one before it wrote.
  directory text not null unique,
  manifest_sha256 text not null,
  tables int not null,
  rows bigint not null,
  bytes bigint not null,
  duration_ms bigint not null,
  taken_at timestamptz not null,
  -- When it was last read and found to be what was written; null if it was last found not to be.
  verified_at timestamptz,
  problem text,
  deleted_at timestamptz,
  check ((verified_at is null) = (problem is not null))
);

create index backup_by_target on backup (target, taken_at desc);
