-- The place in a trace at which a validation was asked for, as a traceparent; it goes on from there.
alter table validation add column trace text;
