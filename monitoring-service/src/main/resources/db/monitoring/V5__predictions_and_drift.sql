-- Whether a run told how long migrations of it were predicted to take; and whether its target
-- differed from what its schema history implies, if they were compared.
alter table run_picture
  add column predicted boolean,
  add column drifted   boolean;
