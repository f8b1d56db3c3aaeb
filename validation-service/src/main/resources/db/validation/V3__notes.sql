-- What a validation has noted for a later one, as key and value; and what the run plans to do.
alter table validation
  add column notes jsonb,
  add column planned jsonb not null default '[]';
