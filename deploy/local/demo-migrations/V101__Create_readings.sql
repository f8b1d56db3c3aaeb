-- A million readings of a thousand sensors, in degrees Fahrenheit.
create table reading (
  id bigint generated always as identity primary key,
  sensor_id integer not null,
  taken_at timestamptz not null,
  fahrenheit double precision not null,
  celsius double precision
);

insert into reading (sensor_id, taken_at, fahrenheit)
select i % 1000 + 1, timestamptz '2026-01-01 00:00:00Z' + i * interval '1 second', 50 + i % 400 / 10.0
from generate_series(1, 1000000) as i;
