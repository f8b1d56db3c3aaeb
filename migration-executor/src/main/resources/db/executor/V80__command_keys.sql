-- What callers of the gateway call their commands (Idempotency-Key), so that a command sent again is
-- the same run, whichever instance of the gateway it reaches.
create table command_key (
  -- Who sends it, as the token says, and what they call it.
  subject text not null,
  key text not null,
  -- SHA-256 of the command, in hex: another command must not go by the same name.
  fingerprint text not null check (fingerprint ~ '^[0-9a-f]{64}$'),
  run_id uuid not null,
  -- Until then the one who has claimed it is trying to bring the request to Kafka; null once Kafka
  -- has it.
  claimed_until timestamptz,
  expires_at timestamptz not null,
  primary key (subject, key)
);

create index command_key_expires_at on command_key (expires_at);
