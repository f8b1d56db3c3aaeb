-- What users want of a run while it is at work. The step that is at work on it sees it within a
-- second, whichever instance that is.
alter table run
  add column paused_by text,
  add column cancelled_by text,
  -- The COMMIT of the last script has been, or is about to be, sent: too late to cancel.
  add column sealed boolean not null default false,
  add constraint run_cancelled_or_sealed check (cancelled_by is null or not sealed);
