alter table reading drop constraint reading_sensor_fk;

drop table sensor;
