-- How much a backup holds, and what it was last put through.
alter table backup
  add scope text not null default 'TOUCHED' check (scope in ('TOUCHED', 'DATABASE')),
  add checked text not null default 'READ' check (checked in ('READ', 'RESTORE'));
