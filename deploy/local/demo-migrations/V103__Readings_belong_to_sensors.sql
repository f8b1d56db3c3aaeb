-- A mistake on purpose: there are a thousand sensors, and the last one is forgotten. NOT VALID lets
-- the constraint pass, and only a look at the data finds the readings without a sensor.
create table sensor (
  id integer primary key,
  name text not null
);

insert into sensor (id, name) select i, 'Sensor ' || i from generate_series(1, 999) as i;

alter table reading
  add constraint reading_sensor_fk foreign key (sensor_id) references sensor (id) not valid;
