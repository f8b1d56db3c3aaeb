-- Events to publish, written in the transaction of the state they tell of.
create table outbox (
  position bigint generated always as identity primary key,
  event_id text unique,
  topic text not null,
  key text,
  header_names text[] not null,
  header_values bytea[] not null,
  payload bytea,
  created_at timestamptz not null default now(),
  published_at timestamptz,
  check (cardinality(header_names) = cardinality(header_values))
);

create index outbox_unpublished on outbox (position) where published_at is null;
create index outbox_published on outbox (published_at) where published_at is not null;

-- Events that have had their effect, written in the transaction of the effect.
create table inbox (
  topic text not null,
  event_id text not null,
  received_at timestamptz not null default now(),
  primary key (topic, event_id)
);

create index inbox_received on inbox (received_at);
