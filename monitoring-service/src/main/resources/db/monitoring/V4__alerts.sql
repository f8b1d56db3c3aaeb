-- While a silence lasts, alerts it covers are kept and published, but told to nobody.
create table alert_silence (
  silence_id uuid        primary key,
  kind       text,
  target     text,
  until      timestamptz not null,
  note       text        not null,
  created_by text        not null,
  created_at timestamptz not null default now()
);

create index alert_silence_until on alert_silence (until);

-- What sinks besides Kafka have to be told. An attempt takes a row for a while by moving next_at.
create table alert_delivery (
  event_id     uuid        not null,
  sink         text        not null,
  alert_id     uuid        not null references alert on delete cascade,
  payload      text        not null,
  attempts     integer     not null default 0,
  next_at      timestamptz not null default now(),
  delivered_at timestamptz,
  given_up_at  timestamptz,
  last_error   text,
  primary key (event_id, sink)
);

create index alert_delivery_due on alert_delivery (next_at)
  where delivered_at is null and given_up_at is null;
create index alert_delivery_by_alert on alert_delivery (alert_id);

