--- the tables that the others change | right
CREATE TYPE colour AS ENUM ('red', 'green');
CREATE TABLE account (id serial PRIMARY KEY, name varchar(40) NOT NULL DEFAULT 'n', mail text UNIQUE, level int CHECK (level >= 0), colour colour, note text);
CREATE TABLE entry (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, account_id int REFERENCES account, amount numeric(10, 2), at timestamptz DEFAULT now());
CREATE TABLE tag (id int PRIMARY KEY, label text, nick text);
CREATE INDEX entry_at ON entry (at);
CREATE VIEW rich AS SELECT id, name FROM account WHERE level > 5;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER touch BEFORE UPDATE ON account FOR EACH ROW EXECUTE FUNCTION touch();
COMMENT ON TABLE account IS 'who';
GRANT SELECT ON rich TO PUBLIC;
-- undo
DROP TABLE tag; DROP TABLE entry; DROP VIEW rich; DROP TABLE account; DROP FUNCTION touch(); DROP TYPE colour;
--- what was renamed is dropped and made anew | drops and adds
ALTER TABLE tag RENAME COLUMN nick TO alias;
-- undo
ALTER TABLE tag DROP COLUMN alias; ALTER TABLE tag ADD COLUMN nick text;
--- a table that was renamed is made anew, and empty | drops and adds
ALTER TABLE tag RENAME TO mark;
-- undo
DROP TABLE mark; CREATE TABLE tag (id int PRIMARY KEY, label text, alias text);
--- an index is forgotten | index public.account_name
ALTER TABLE account ADD COLUMN a1 int; CREATE INDEX account_name ON account (name);
-- undo
ALTER TABLE account DROP COLUMN a1;
--- a comment is forgotten | comment
COMMENT ON COLUMN account.note IS 'a note';
-- undo
SELECT 1;
--- a comment of a constraint is forgotten | comment
COMMENT ON CONSTRAINT account_level_check ON account IS 'not below';
-- undo
SELECT 1;
--- a comment of a trigger is forgotten | comment
COMMENT ON TRIGGER touch ON account IS 'touches';
-- undo
SELECT 1;
--- a comment of a function is forgotten | comment
COMMENT ON FUNCTION touch() IS 'touches';
-- undo
SELECT 1;
--- a grant is forgotten | rights
GRANT INSERT ON entry TO PUBLIC;
-- undo
SELECT 1;
--- a grant on a column is forgotten | rights
GRANT UPDATE (note) ON account TO PUBLIC;
-- undo
SELECT 1;
--- a grant is lost with a view | rights
DROP VIEW rich; CREATE VIEW rich AS SELECT id, name, level FROM account WHERE level > 5; GRANT SELECT ON rich TO PUBLIC;
-- undo
DROP VIEW rich; CREATE VIEW rich AS SELECT id, name FROM account WHERE level > 5;
--- a default is forgotten | default
ALTER TABLE account ALTER COLUMN name SET DEFAULT 'other';
-- undo
ALTER TABLE account ALTER COLUMN name DROP DEFAULT;
--- a check comes back not validated | check
ALTER TABLE account DROP CONSTRAINT account_level_check;
-- undo
ALTER TABLE account ADD CONSTRAINT account_level_check CHECK (level >= 0) NOT VALID;
--- a check is not taken away | level_again
ALTER TABLE account ADD CONSTRAINT level_again CHECK (level >= 0);
-- undo
ALTER TABLE account DROP CONSTRAINT level_again; ALTER TABLE account ADD CONSTRAINT level_again CHECK (level >= -1);
--- a unique constraint comes back as an index | account_mail_key
ALTER TABLE account DROP CONSTRAINT account_mail_key;
-- undo
CREATE UNIQUE INDEX account_mail_key ON account (mail);
--- an index comes back on other columns | entry_at
DROP INDEX entry_at;
-- undo
CREATE INDEX entry_at ON entry (at DESC);
--- a foreign key comes back with another action | entry_account_id_fkey
ALTER TABLE entry DROP CONSTRAINT entry_account_id_fkey;
-- undo
ALTER TABLE entry ADD CONSTRAINT entry_account_id_fkey FOREIGN KEY (account_id) REFERENCES account ON DELETE CASCADE;
--- a trigger stays disabled | enabled
ALTER TABLE account DISABLE TRIGGER touch;
-- undo
SELECT 1;
--- a trigger comes back for another event | touch
DROP TRIGGER touch ON account;
-- undo
CREATE TRIGGER touch BEFORE INSERT OR UPDATE ON account FOR EACH ROW EXECUTE FUNCTION touch();
--- a function keeps its new body | touch
CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END';
-- undo
SELECT 1;
--- a view keeps its new condition | rich
CREATE OR REPLACE VIEW rich AS SELECT id, name, level FROM account WHERE level > 7;
-- undo
CREATE OR REPLACE VIEW rich AS SELECT id, name, level FROM account WHERE level > 6;
--- a type stays wider | type
ALTER TABLE entry ALTER COLUMN amount TYPE numeric(20, 2);
-- undo
SELECT 1;
--- a length is forgotten | type
ALTER TABLE account ALTER COLUMN note TYPE varchar(500);
-- undo
ALTER TABLE account ALTER COLUMN note TYPE varchar;
--- a renamed column is dropped and made anew | column public.account.note
ALTER TABLE account RENAME COLUMN note TO remark;
-- undo
ALTER TABLE account DROP COLUMN remark; ALTER TABLE account ADD COLUMN note text;
--- a renamed table is made anew | public.entry
ALTER TABLE entry RENAME TO booking;
-- undo
CREATE TABLE entry (LIKE booking INCLUDING ALL); ALTER TABLE entry ADD CONSTRAINT entry_account_id_fkey FOREIGN KEY (account_id) REFERENCES account; DROP TABLE booking;
--- a required column stays required | not null
ALTER TABLE account ALTER COLUMN mail DROP NOT NULL; ALTER TABLE account ALTER COLUMN colour SET NOT NULL;
-- undo
SELECT 1;
--- an enum value stays | colour
ALTER TYPE colour ADD VALUE 'blue';
-- undo
SELECT 1;
--- an enum value gets another name back | colour
ALTER TYPE colour RENAME VALUE 'red' TO 'scarlet';
-- undo
ALTER TYPE colour RENAME VALUE 'scarlet' TO 'crimson';
--- rows are changed and not changed back | account
UPDATE account SET level = level + 1;
-- undo
SELECT 1;
--- rows are changed back by the wrong amount | account
UPDATE account SET level = level + 1 WHERE level IS NOT NULL;
-- undo
UPDATE account SET level = level + 2 WHERE level IS NOT NULL;
--- two values become one and cannot be told apart | account
UPDATE account SET remark = 'basic' WHERE remark = 'legacy';
-- undo
UPDATE account SET remark = 'legacy' WHERE remark = 'basic';
--- rows are deleted | booking
DELETE FROM booking WHERE amount < 100;
-- undo
SELECT 1;
--- an added row stays | account
INSERT INTO account (name, mail, colour) VALUES ('root', 'root@example.org', 'green');
-- undo
SELECT 1;
--- an added row that was there before is taken away | account
INSERT INTO account (name, mail, colour) VALUES ('root', 'root2@example.org', 'green') ON CONFLICT DO NOTHING;
-- undo
DELETE FROM account WHERE mail = 'root2@example.org';
--- an undo takes rows away that have nothing to do with it | booking
ALTER TABLE account ADD COLUMN a2 int;
-- undo
ALTER TABLE account DROP COLUMN a2; DELETE FROM booking;
--- an undo empties a table | booking
ALTER TABLE account ADD COLUMN a3 int;
-- undo
ALTER TABLE account DROP COLUMN a3; TRUNCATE booking;
--- an added column hides a change that meets no row | account
ALTER TABLE account ADD COLUMN a8 int DEFAULT 1; UPDATE account SET level = 0 WHERE id < 0 AND id > -9;
-- undo
ALTER TABLE account DROP COLUMN a8;
--- an undo would take rows away that are not there | account
ALTER TABLE account ADD COLUMN a4 int;
-- undo
ALTER TABLE account DROP COLUMN a4; DELETE FROM account WHERE id = -12345;
--- a sequence is not set back | sequence
SELECT setval('account_id_seq', 5000);
-- undo
SELECT 1;
--- a sequence is set to another value | sequence
SELECT setval('account_id_seq', 6000);
-- undo
SELECT setval('account_id_seq', 1);
--- a sequence keeps its new step | account_id_seq
ALTER SEQUENCE account_id_seq INCREMENT 10;
-- undo
SELECT 1;
--- an identity is lost | id
ALTER TABLE booking ALTER COLUMN id DROP IDENTITY;
-- undo
SELECT 1;
--- an option stays | options
ALTER TABLE booking SET (fillfactor = 50);
-- undo
SELECT 1;
--- the storage stays | storage
ALTER TABLE account ALTER COLUMN remark SET STORAGE EXTERNAL;
-- undo
SELECT 1;
--- the compression stays | compression
ALTER TABLE account ALTER COLUMN remark SET COMPRESSION pglz;
-- undo
SELECT 1;
--- the statistics target stays | statistics
ALTER TABLE account ALTER COLUMN remark SET STATISTICS 77;
-- undo
SELECT 1;
--- the statistics target of an index column stays | account_len
CREATE INDEX account_len ON account (length(remark)); ALTER INDEX account_len ALTER COLUMN 1 SET STATISTICS 10;
-- undo
ALTER INDEX account_len ALTER COLUMN 1 SET STATISTICS 5;
--- the replica identity stays | replica identity
ALTER TABLE account REPLICA IDENTITY FULL;
-- undo
SELECT 1;
--- the cluster order stays | clustered
ALTER TABLE account CLUSTER ON account_pkey;
-- undo
SELECT 1;
--- row level security stays | row security
ALTER TABLE account ENABLE ROW LEVEL SECURITY;
-- undo
SELECT 1;
--- a policy comes back otherwise | policy
CREATE POLICY p ON account USING (level > 0);
-- undo
ALTER POLICY p ON account USING (level > 1);
--- a publication stays | publication
CREATE PUBLICATION pub FOR TABLE account;
-- undo
ALTER PUBLICATION pub DROP TABLE account;
--- default privileges stay | default privileges
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC;
-- undo
SELECT 1;
--- extended statistics stay | statistics
CREATE STATISTICS facts ON name, level FROM account;
-- undo
SELECT 1;
--- a domain condition stays | domain
CREATE DOMAIN short AS text; ALTER DOMAIN short ADD CONSTRAINT is_short CHECK (length(value) < 5);
-- undo
ALTER DOMAIN short DROP CONSTRAINT is_short;
--- a schema stays | schema
CREATE SCHEMA extra;
-- undo
SELECT 1;
--- a function stays | function
CREATE FUNCTION more() RETURNS int LANGUAGE sql AS 'SELECT 1';
-- undo
SELECT 1;
--- a column keeps no contents | a5
ALTER TABLE account ADD COLUMN a5 text DEFAULT 'x';
-- undo
ALTER TABLE account ALTER COLUMN a5 DROP DEFAULT;
--- a generated column comes back plain | a6
ALTER TABLE account ADD COLUMN a6 int GENERATED ALWAYS AS (level * 2) STORED;
-- undo
ALTER TABLE account ALTER COLUMN a6 DROP EXPRESSION;
--- a partition is not attached | log_all
CREATE TABLE log (id int, at date) PARTITION BY RANGE (at); CREATE TABLE log_all PARTITION OF log DEFAULT;
-- undo
ALTER TABLE log DETACH PARTITION log_all; DROP TABLE log;
--- an undo fails | fails
ALTER TABLE account ADD COLUMN a7 int;
-- undo
ALTER TABLE account DROP COLUMN a77;
--- an undo works once only | whatever
CREATE TABLE once (id int);
-- undo
DROP TABLE once; CREATE TABLE IF NOT EXISTS public.whatever (id int);
--- a large object stays | large objects
SELECT lo_create(0);
-- undo
SELECT 1;
--- the owner of a schema changes its rights | rights
REVOKE ALL ON FUNCTION touch() FROM PUBLIC;
-- undo
SELECT 1;
--- digits are lost on the way up | booking
ALTER TABLE booking ALTER COLUMN amount TYPE int;
-- undo
ALTER TABLE booking ALTER COLUMN amount TYPE numeric(10, 2);
--- text is cut on the way up | account
ALTER TABLE account ALTER COLUMN remark TYPE varchar(3) USING left(remark, 3);
-- undo
ALTER TABLE account ALTER COLUMN remark TYPE text;
