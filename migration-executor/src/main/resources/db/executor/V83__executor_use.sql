-- What the process of the executor used during an attempt at a step, of all that was at work in it.
alter table run_step
  add column cpu_ms bigint,
  add column heap_bytes bigint,
  add column shared boolean;
