#!/usr/bin/env bash
# Runs once, when the server's data are new: a database for each service, and a target to try with.
set -euo pipefail

secret() { cat "/run/secrets/$1"; }

psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
  -v executor="$(secret postgres-executor)" -v validation="$(secret postgres-validation)" \
  -v monitoring="$(secret postgres-monitoring)" -v migrator="$(secret target-migrator)" \
  -v reader="$(secret target-reader)" <<'SQL'
create role executor login password :'executor';
create database executor owner executor;
create role validation login password :'validation';
create database validation owner validation;
create role monitoring login password :'monitoring';
create database monitoring owner monitoring;
-- A target. Its executor may create databases, for rehearsals, and see who holds a lock.
create role migrator login createdb password :'migrator';
grant pg_read_all_stats to migrator;
create role reader login password :'reader';
alter role reader set default_transaction_read_only = on;
create database demo owner migrator;
\c demo
grant pg_read_all_data to reader;
SQL
