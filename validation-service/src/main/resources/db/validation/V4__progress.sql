-- How far a validation is, while it is underway.
alter table validation add column progress jsonb;
