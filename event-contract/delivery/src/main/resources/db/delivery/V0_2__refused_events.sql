-- Events that Kafka will never take: kept for a person to look at, and out of the way of the others.
alter table outbox add column refused_at timestamptz, add column refusal text;
alter table outbox add constraint outbox_refused_with_reason
  check ((refused_at is null) = (refusal is null)),
  add constraint outbox_one_end check (published_at is null or refused_at is null);

drop index outbox_unpublished;
create index outbox_unpublished on outbox (position)
  where published_at is null and refused_at is null;
