-- What scripts said when they were planned, so that a later message can show what has changed.
-- Placeholders are not replaced in it. Texts that are too long are not kept.
create table script_text (
  script text not null,
  checksum int not null,
  -- UTF-8, compressed with Zstandard
  text bytea not null,
  primary key (script, checksum)
);

-- How scripts differ from what was applied, as the planning of a run found it.
alter table run add column differences jsonb;
