-- What is wanted of a validation that no run asks for, who wants it, and who wants it no more.
alter table validation
  add column wish jsonb not null
    default '{"scope": "touched", "rules": [], "categories": []}',
  add column requested_by text,
  add column cancelled_by text,
  add constraint somebody_asks check (run_id is not null or requested_by is not null) not valid;
alter table validation validate constraint somebody_asks;
