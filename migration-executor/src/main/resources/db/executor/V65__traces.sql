-- The place in a trace at which a run was requested, as a traceparent; its steps go on from there.
alter table run add column trace text;
