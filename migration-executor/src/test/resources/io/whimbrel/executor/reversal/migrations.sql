--- tables with everything | PROVEN
CREATE TYPE mood AS ENUM ('calm', 'glad', 'sad');
CREATE DOMAIN email AS text CHECK (value LIKE '%@%' OR value = 'none');
CREATE SEQUENCE ticket INCREMENT 5 START 100;
CREATE TABLE customer (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name varchar(80) NOT NULL,
  mood mood NOT NULL DEFAULT 'calm',
  code char(4),
  born date,
  balance numeric(12, 2) NOT NULL DEFAULT 0,
  tags text[],
  data jsonb DEFAULT '{}',
  active boolean NOT NULL DEFAULT true);
CREATE TABLE purchase (
  id serial PRIMARY KEY,
  customer_id bigint NOT NULL REFERENCES customer,
  placed timestamptz NOT NULL DEFAULT now(),
  state varchar(10) NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'paid', 'sent')),
  total numeric(10, 2) CHECK (total >= 0),
  note text);
CREATE TABLE product (sku varchar(20) PRIMARY KEY, title text NOT NULL, price int NOT NULL, weight real);
CREATE TABLE line (
  purchase_id int NOT NULL REFERENCES purchase ON DELETE CASCADE,
  sku varchar(20) NOT NULL REFERENCES product,
  pieces smallint NOT NULL,
  PRIMARY KEY (purchase_id, sku));
--- an index | PROVEN
CREATE INDEX purchase_placed ON purchase (placed DESC, state) WHERE state <> 'sent';
--- a unique expression index | PROVEN
CREATE UNIQUE INDEX customer_lower_name ON customer (lower(name), id) INCLUDE (born);
--- an index with statistics and options | PROVEN
CREATE INDEX line_total ON line ((pieces * 2)) WITH (fillfactor = 70);
ALTER INDEX line_total ALTER COLUMN 1 SET STATISTICS 500;
--- statistics of an index column change | PROVEN
ALTER INDEX line_total ALTER COLUMN 1 SET STATISTICS 200;
--- an index goes | PROVEN
DROP INDEX purchase_placed;
--- an index changes its options | PROVEN
ALTER INDEX line_total SET (fillfactor = 90);
--- an index is renamed | PROVEN
ALTER INDEX line_total RENAME TO line_twice;
--- a column | PROVEN
ALTER TABLE customer ADD COLUMN phone text;
--- a column that is required | PROVEN
ALTER TABLE customer ADD COLUMN country char(2) NOT NULL DEFAULT 'CH';
--- a column beside a demand that generated rows do not meet | PROVEN
ALTER TABLE line ADD COLUMN remark text;
ALTER TABLE purchase ALTER COLUMN note SET NOT NULL;
--- that demand goes | PROVEN
ALTER TABLE purchase ALTER COLUMN note DROP NOT NULL;
--- a column with a reference | PROVEN
ALTER TABLE customer ADD COLUMN invited_by bigint REFERENCES customer (id) DEFERRABLE INITIALLY DEFERRED;
--- a table is renamed | PROVEN
ALTER TABLE purchase RENAME TO orders;
--- a column is renamed | PROVEN
ALTER TABLE orders RENAME COLUMN note TO remark;
--- a constraint is renamed | PROVEN
ALTER TABLE orders RENAME CONSTRAINT purchase_state_check TO state_is_known;
--- a key is renamed | PROVEN
ALTER TABLE orders RENAME CONSTRAINT purchase_pkey TO orders_pkey;
--- a type is renamed | PROVEN
ALTER TYPE mood RENAME TO humour;
--- an enum value is renamed | PROVEN
ALTER TYPE humour RENAME VALUE 'sad' TO 'blue';
--- an enum value | PROVEN
ALTER TYPE humour ADD VALUE 'angry' BEFORE 'blue';
--- an enum value and a check on the column | PROVEN
ALTER TABLE customer ADD CONSTRAINT not_angry CHECK (mood <> 'angry');
--- another enum value, with a check and an index on the column | PROVEN
CREATE INDEX customer_mood ON customer (mood) WHERE mood = 'glad';
ALTER TYPE humour ADD VALUE 'bored';
--- a sequence is renamed | PROVEN
ALTER SEQUENCE ticket RENAME TO number;
--- a sequence changes | PROVEN
ALTER SEQUENCE number INCREMENT 10 MAXVALUE 100000 CYCLE;
--- a function | PROVEN
CREATE FUNCTION greeting(who text) RETURNS text LANGUAGE sql STABLE AS $$ SELECT 'Hello; ' || who $$;
--- a function changes | PROVEN
CREATE OR REPLACE FUNCTION greeting(who text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN 'Hi ' || who; END $$;
--- a function is renamed | PROVEN
ALTER FUNCTION greeting(text) RENAME TO salutation;
--- a function is replaced by one with other arguments | PROVEN
DROP FUNCTION salutation(text);
CREATE FUNCTION salutation(who text, loud boolean DEFAULT false) RETURNS text LANGUAGE sql RETURN who;
--- a procedure and an aggregate | PROVEN
CREATE PROCEDURE tidy(days int) LANGUAGE plpgsql AS $$ BEGIN NULL; END $$;
CREATE AGGREGATE product_of(numeric) (SFUNC = numeric_mul, STYPE = numeric, INITCOND = '1');
--- a view | PROVEN
CREATE VIEW open_orders AS SELECT o.id, o.remark, c.name FROM orders o JOIN customer c ON c.id = o.customer_id WHERE o.state <> 'sent';
--- a view gets a column | PROVEN
CREATE OR REPLACE VIEW open_orders AS SELECT o.id, o.remark, c.name, o.total FROM orders o JOIN customer c ON c.id = o.customer_id WHERE o.state <> 'sent';
--- a view changes its condition | PROVEN
CREATE OR REPLACE VIEW open_orders AS SELECT o.id, o.remark, c.name, o.total FROM orders o JOIN customer c ON c.id = o.customer_id WHERE o.state = 'new';
--- a view on a view | PROVEN
CREATE VIEW open_totals AS SELECT name, sum(total) AS total FROM open_orders GROUP BY name;
--- a view is dropped with rights and comment | PROVEN
COMMENT ON VIEW open_totals IS 'what is open';
GRANT SELECT ON open_totals TO PUBLIC;
--- now it goes | PROVEN
DROP VIEW open_totals;
--- a view under another name | PROVEN
ALTER VIEW open_orders RENAME TO pending_orders;
--- a materialized view with an index | PROVEN
CREATE MATERIALIZED VIEW sales AS SELECT sku, sum(pieces) AS pieces FROM line GROUP BY sku;
CREATE UNIQUE INDEX sales_sku ON sales (sku);
--- a materialized view goes | PROVEN
DROP MATERIALIZED VIEW sales;
--- a trigger | PROVEN
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER stamp BEFORE UPDATE ON orders FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION stamp();
--- a trigger is disabled | PROVEN
ALTER TABLE orders DISABLE TRIGGER stamp;
--- a trigger is renamed | PROVEN
ALTER TRIGGER stamp ON orders RENAME TO stamped;
--- a trigger goes | PROVEN
DROP TRIGGER stamped ON orders;
--- a check that is not validated | PROVEN
ALTER TABLE product ADD CONSTRAINT price_is_fair CHECK (price > -5) NOT VALID;
--- a check is validated | PROVEN
ALTER TABLE product VALIDATE CONSTRAINT price_is_fair;
--- a check that the rows of before do not meet | PROVEN
ALTER TABLE product ADD CONSTRAINT cheap CHECK (price BETWEEN 1 AND 100);
--- a check goes | PROVEN
ALTER TABLE orders DROP CONSTRAINT state_is_known;
--- a unique constraint | PROVEN
ALTER TABLE product ADD CONSTRAINT product_title UNIQUE (title);
--- a unique constraint goes | PROVEN
ALTER TABLE product DROP CONSTRAINT product_title;
--- an exclusion constraint | PROVEN
ALTER TABLE product ADD COLUMN season daterange;
ALTER TABLE product ADD CONSTRAINT one_season EXCLUDE USING gist (season WITH &&);
--- a foreign key changes its action | PROVEN
ALTER TABLE line DROP CONSTRAINT line_sku_fkey;
ALTER TABLE line ADD CONSTRAINT line_sku_fkey FOREIGN KEY (sku) REFERENCES product ON UPDATE CASCADE;
--- a column becomes required | PROVEN
ALTER TABLE customer ALTER COLUMN born SET NOT NULL;
--- a column need not be there any more | PROVEN
ALTER TABLE customer ALTER COLUMN name DROP NOT NULL;
--- a default | PROVEN
ALTER TABLE orders ALTER COLUMN remark SET DEFAULT 'none; really';
--- a default goes | PROVEN
ALTER TABLE customer ALTER COLUMN balance DROP DEFAULT;
--- a wider type | PROVEN
ALTER TABLE product ALTER COLUMN price TYPE bigint;
--- a wider text | PROVEN
DROP VIEW pending_orders;
ALTER TABLE customer ALTER COLUMN name TYPE varchar(200);
--- text without limit, with a default | PROVEN
ALTER TABLE orders ALTER COLUMN state TYPE text;
--- a generated column | PROVEN
ALTER TABLE product ADD COLUMN gross numeric GENERATED ALWAYS AS (price * 1.081) STORED;
--- an identity for a column | PROVEN
CREATE TABLE counted (id bigint NOT NULL, what text);
ALTER TABLE counted ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (START WITH 1000);
--- an identity becomes always | PROVEN
ALTER TABLE counted ALTER COLUMN id SET GENERATED ALWAYS;
--- an identity that was not there | PROVEN
CREATE TABLE plain (id bigint NOT NULL, what text);
--- and is now | PROVEN
ALTER TABLE plain ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY;
--- storage, compression and statistics of a column | PROVEN
ALTER TABLE orders ALTER COLUMN remark SET STORAGE EXTERNAL;
ALTER TABLE orders ALTER COLUMN remark SET COMPRESSION pglz;
ALTER TABLE orders ALTER COLUMN remark SET STATISTICS 250;
ALTER TABLE orders ALTER COLUMN total SET (n_distinct = 50);
--- options of a table | PROVEN
ALTER TABLE orders SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.01, toast.autovacuum_enabled = false);
--- other options | PROVEN
ALTER TABLE orders RESET (fillfactor);
ALTER TABLE orders SET (autovacuum_vacuum_scale_factor = 0.05);
--- comments | PROVEN
COMMENT ON TABLE orders IS 'it''s all of them';
COMMENT ON COLUMN orders.remark IS 'free';
COMMENT ON FUNCTION stamp() IS 'stamps';
COMMENT ON INDEX line_twice IS 'twice';
COMMENT ON CONSTRAINT line_sku_fkey ON line IS 'to product';
--- a comment changes | PROVEN
COMMENT ON TABLE orders IS 'others';
COMMENT ON COLUMN orders.remark IS NULL;
--- rights | PROVEN
GRANT SELECT, INSERT ON orders TO PUBLIC;
GRANT UPDATE (remark) ON orders TO PUBLIC;
GRANT USAGE ON SEQUENCE number TO PUBLIC;
REVOKE EXECUTE ON FUNCTION stamp() FROM PUBLIC;
--- rights go | PROVEN
REVOKE INSERT ON orders FROM PUBLIC;
REVOKE UPDATE (remark) ON orders FROM PUBLIC;
--- default privileges | PROVEN
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON SEQUENCES TO PUBLIC;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
--- default privileges go | PROVEN
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE SELECT ON SEQUENCES FROM PUBLIC;
ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC;
--- row level security | PROVEN
ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY mine ON orders FOR SELECT TO PUBLIC USING (total > 0);
--- a policy changes | PROVEN
ALTER POLICY mine ON orders USING (total > 1);
ALTER TABLE orders FORCE ROW LEVEL SECURITY;
--- a policy goes | PROVEN
DROP POLICY mine ON orders;
ALTER TABLE orders NO FORCE ROW LEVEL SECURITY;
ALTER TABLE orders DISABLE ROW LEVEL SECURITY;
--- replica identity | PROVEN
ALTER TABLE orders REPLICA IDENTITY FULL;
--- replica identity by an index, and a cluster order | PROVEN
ALTER TABLE orders REPLICA IDENTITY USING INDEX orders_pkey;
ALTER TABLE orders CLUSTER ON orders_pkey;
--- a publication | PROVEN
CREATE PUBLICATION feed FOR TABLE orders, line WITH (publish = 'insert, update');
--- a publication changes | PROVEN
ALTER PUBLICATION feed ADD TABLE product;
ALTER PUBLICATION feed SET (publish = 'insert');
--- a publication goes | PROVEN
DROP PUBLICATION feed;
--- extended statistics | PROVEN
CREATE STATISTICS order_facts (dependencies, mcv) ON state, total FROM orders;
ALTER STATISTICS order_facts SET STATISTICS 300;
--- a domain changes | PROVEN
ALTER DOMAIN email SET DEFAULT 'none';
ALTER DOMAIN email ADD CONSTRAINT short CHECK (length(value) < 100);
--- a domain loses a condition | NOT_PROVEN
ALTER DOMAIN email DROP CONSTRAINT short;
--- a composite type and a range type | PROVEN
CREATE TYPE place AS (street text, town varchar(40));
CREATE TYPE prices AS RANGE (subtype = numeric);
--- a composite type gets an attribute | PROVEN
ALTER TYPE place ADD ATTRIBUTE zip char(4);
ALTER TYPE place RENAME ATTRIBUTE town TO city;
--- types go | PROVEN
DROP TYPE place;
DROP TYPE prices;
--- a schema with a table | PROVEN
CREATE SCHEMA archive;
CREATE TABLE archive.orders (LIKE orders INCLUDING ALL);
--- a table moves to another schema | PROVEN
ALTER TABLE counted SET SCHEMA archive;
--- a schema is renamed | PROVEN
ALTER SCHEMA archive RENAME TO attic;
--- an extension | PROVEN
CREATE EXTENSION pgcrypto;
--- partitions | PROVEN
CREATE TABLE event (id bigint NOT NULL, at date NOT NULL, what text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE event_2020 PARTITION OF event FOR VALUES FROM ('1999-01-01') TO ('2021-01-01');
CREATE TABLE event_2021 PARTITION OF event FOR VALUES FROM ('2021-01-01') TO ('2030-01-01');
--- a partition more | PROVEN
CREATE TABLE event_2030 PARTITION OF event FOR VALUES FROM ('2030-01-01') TO ('2031-01-01');
--- an index on all partitions | PROVEN
CREATE INDEX event_what ON event (what);
--- a column of all partitions | PROVEN
ALTER TABLE event ADD COLUMN who text DEFAULT 'x';
--- a partition is detached | PROVEN
ALTER TABLE event DETACH PARTITION event_2030;
--- inheritance | PROVEN
CREATE TABLE base (id int, a text);
CREATE TABLE derived (b text) INHERITS (base);
--- a column for the heirs | PROVEN
ALTER TABLE base ADD COLUMN c int DEFAULT 5;
--- an unlogged table | PROVEN
CREATE UNLOGGED TABLE cache (key text PRIMARY KEY, value bytea);
--- which is logged now | PROVEN
ALTER TABLE cache SET LOGGED;
--- a rule | PROVEN
CREATE RULE keep AS ON DELETE TO cache DO INSTEAD NOTHING;
--- an event trigger's function, a cast and an operator | PROVEN
CREATE FUNCTION same(a email, b email) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT a::text = b::text';
CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq);
CREATE COLLATION plain_c FROM "C";
--- several things at once | PROVEN
ALTER TABLE line ADD COLUMN discount numeric(5, 2) DEFAULT 0 CHECK (discount < 100);
CREATE INDEX line_discount ON line (discount);
ALTER TABLE line RENAME COLUMN pieces TO quantity;
COMMENT ON COLUMN line.discount IS 'percent';
--- a name that needs quotes | PROVEN
CREATE TABLE "Mixed Case" ("The Id" int PRIMARY KEY, "select" text DEFAULT 'a''b');
--- and it is renamed | PROVEN
ALTER TABLE "Mixed Case" RENAME COLUMN "select" TO "Se""lect";
ALTER TABLE "Mixed Case" RENAME TO "Other Case";
--- a column moves into another, and back it cannot | LOSES_DATA
ALTER TABLE customer DROP COLUMN phone;
--- a table goes | LOSES_DATA
DROP TABLE plain;
--- rows go | LOSES_DATA
DELETE FROM derived;
--- a type that loses digits | LOSES_DATA
ALTER TABLE product ALTER COLUMN weight TYPE int;
--- rows come | NOT_PROVEN
INSERT INTO product (sku, title, price) VALUES ('new one', 'A new one', 5);
--- a condition that no row meets | STRUCTURE_ONLY
UPDATE orders SET remark = remark WHERE id < 0 AND id > -77;
