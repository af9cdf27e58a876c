-- Monthly partitions (UTC) of what grows with traffic: message, message_content, attempt, status_event, event, inbox. Their keys begin
-- with a UUIDv7, so that a month is a range of ids and the primary keys stay as they were.

-- ── What was unique across all time, and cannot be within a month ───────────────────────────────────────────────────────
DROP INDEX "event_seq";
DROP INDEX "inbox_sha256_key";

-- The hash of every notification that is kept: the same bytes are stored once, whatever month they come in.
CREATE TABLE "inbox_hash" (
    "sha256" BYTEA NOT NULL,

    CONSTRAINT "inbox_hash_pkey" PRIMARY KEY ("sha256")
);
ALTER TABLE "inbox_hash" ADD CONSTRAINT "inbox_hash_length" CHECK (octet_length(sha256) = 32);

-- The numbers that events of a client have: one event a number.
CREATE TABLE "event_number" (
    "client_id" UUID NOT NULL,
    "seq" BIGINT NOT NULL,
    "event_id" UUID NOT NULL,

    CONSTRAINT "event_seq" PRIMARY KEY ("client_id","seq")
);

-- ── What retention leaves behind ────────────────────────────────────────────────────────────────────────────────────────
-- From when on raw rows are kept; no row: all of them.
CREATE TABLE "retention" (
    "id" BOOLEAN NOT NULL DEFAULT true,
    "kept_from" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "retention_pkey" PRIMARY KEY ("id")
);
ALTER TABLE "retention" ADD CONSTRAINT "retention_is_one" CHECK (id);

-- The template of a charge whose message is gone: an hour of costs that is counted anew still names it.
CREATE TABLE "charge_template" (
    "wamid" TEXT NOT NULL,
    "template" TEXT NOT NULL,

    CONSTRAINT "charge_template_pkey" PRIMARY KEY ("wamid")
);

-- ── Months ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
-- Each table as it was becomes the model of its partitions: checks, defaults, comments, grants and views are kept; indexes and
-- triggers are made again on the new one, once the rows are there. Storage settings cannot be those of a partitioned table: the
-- default partition has them, and every month takes them from it.
CREATE VIEW "month_partition" AS
SELECT p.relname AS parent, c.oid AS id, c.relname AS name,
  (reporting.hour_of(substring(pg_get_expr(c.relpartbound, c.oid) FROM $$FROM \('([0-9a-f-]{36})'\)$$)::uuid) AT TIME ZONE 'UTC')::date AS month
FROM pg_inherits i
JOIN pg_class p ON p.oid = i.inhparent AND p.relkind = 'p'
JOIN pg_class c ON c.oid = i.inhrelid
WHERE p.relnamespace = current_schema()::regnamespace;
COMMENT ON VIEW "month_partition" IS 'The partitions of Herald''s tables, by month (UTC); month null: the default partition, for rows of months that have none';

-- Makes the partition of a month, if it is not there, with what the default partition holds of it. Any number of callers at once: one
-- makes it, the others find it made.
CREATE FUNCTION "make_partition"("parent" text, "month" date) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  t record;
  suffix text := to_char(month, '_YYYY_MM');
  made text := parent || to_char(month, '_YYYY_MM');
  from_id uuid := reporting.id_at(month::timestamp AT TIME ZONE 'UTC');
  to_id uuid := reporting.id_at((month + interval '1 month') AT TIME ZONE 'UTC');
  patience text := current_setting('lock_timeout');
  x record;
BEGIN
  IF EXISTS (SELECT FROM month_partition p WHERE p.parent = make_partition.parent AND p.month = make_partition.month) THEN RETURN false; END IF;
  -- Whoever makes them now is waited for: that one gives up by itself.
  PERFORM set_config('lock_timeout', '0', true);
  PERFORM pg_advisory_xact_lock(hashtext('herald.partitions'));
  PERFORM set_config('lock_timeout', patience, true);
  IF EXISTS (SELECT FROM month_partition p WHERE p.parent = make_partition.parent AND p.month = make_partition.month) THEN RETURN false; END IF;
  SELECT a.attname AS key, d.relname AS spare, 'WITH (' || array_to_string(d.reloptions, ', ') || ')' AS settings INTO STRICT t
  FROM pg_partitioned_table p
  JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0]
  JOIN pg_class d ON d.oid = p.partdefid
  WHERE p.partrelid = to_regclass(quote_ident(parent));
  EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL EXCLUDING INDEXES) %s', made, parent, t.settings);
  EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', t.spare);
  EXECUTE format('WITH moved AS (DELETE FROM %1$I WHERE %2$I >= %3$L AND %2$I < %4$L RETURNING *) INSERT INTO %5$I SELECT * FROM moved', t.spare, t.key, from_id, to_id, made);
  EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, made, from_id, to_id);
  -- Indexes of a partition are called like those of the whole table, so that an error that names one says which rule it is.
  FOR x IN
    SELECT c.relname AS name, p.relname || suffix AS new_name
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_inherits h ON h.inhrelid = c.oid JOIN pg_class p ON p.oid = h.inhparent
    WHERE i.indrelid = to_regclass(quote_ident(made))
  LOOP
    EXECUTE format('ALTER INDEX %I RENAME TO %I', x.name, x.new_name);
  END LOOP;
  RETURN true;
END $$;

-- Locks for a moment only, or gives up (55P03): the months are made long before they begin, so that nobody has to wait for them.
CREATE FUNCTION "ensure_partitions"("at" timestamptz) RETURNS integer LANGUAGE plpgsql SET lock_timeout = '500ms' AS $$
DECLARE
  made integer := 0;
  this_month date := date_trunc('month', at, 'UTC') AT TIME ZONE 'UTC';
  patience text := current_setting('lock_timeout');
  t record;
  strays date[];
BEGIN
  PERFORM set_config('lock_timeout', '0', true);
  PERFORM pg_advisory_xact_lock(hashtext('herald.partitions'));
  PERFORM set_config('lock_timeout', patience, true);
  FOR t IN
    SELECT c.relname AS name, a.attname AS key, d.relname AS spare
    FROM pg_partitioned_table p
    JOIN pg_class c ON c.oid = p.partrelid AND c.relnamespace = current_schema()::regnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = p.partattrs[0] AND a.atttypid = 'uuid'::regtype
    JOIN pg_class d ON d.oid = p.partdefid
    ORDER BY c.relname
  LOOP
    EXECUTE format($q$SELECT array_agg(DISTINCT (date_trunc('month', reporting.hour_of(%1$I), 'UTC') AT TIME ZONE 'UTC')::date)
      FROM %2$I WHERE substr(%1$I::text, 15, 1) = '7'$q$, t.key, t.spare) INTO strays;
    made := made + (
      SELECT count(*) FILTER (WHERE make_partition(t.name, m.month)) FROM (
        SELECT (this_month + n * interval '1 month')::date AS month FROM generate_series(0, 3) n
        UNION SELECT s FROM unnest(strays) s WHERE s <= this_month + interval '3 months'
        ORDER BY 1
      ) m);
  END LOOP;
  RETURN made;
END $$;
COMMENT ON FUNCTION "ensure_partitions" IS 'Makes the partitions of a month (UTC) and the three after it, and moves rows of the default partitions into months of their own. Returns how many were made.';

-- ── The tables, row by row into their months ────────────────────────────────────────────────────────────────────────────
INSERT INTO inbox_hash SELECT sha256 FROM inbox;
INSERT INTO event_number SELECT client_id, seq, id FROM event WHERE seq IS NOT NULL;

DO $$
DECLARE
  t record;
  x record;
  command text;
  afterwards text[] := '{}';
  views text[];
  settings text;
BEGIN
  -- As text, while the names still mean the tables as they are. A view is replaced in place: what depends on it, and who may read it, stays.
  views := ARRAY(
    SELECT DISTINCT format('CREATE OR REPLACE VIEW %s AS %s', r.ev_class::regclass, pg_get_viewdef(r.ev_class))
    FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid
    WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass
      AND d.refobjid = ANY (ARRAY['message', 'message_content', 'attempt', 'status_event', 'event', 'inbox']::regclass[]));

  FOR t IN SELECT * FROM (VALUES ('message', 'id'), ('message_content', 'id'), ('attempt', 'message_id'), ('status_event', 'message_id'),
    ('event', 'id'), ('inbox', 'id')) v(name, key)
  LOOP
    settings := (SELECT 'WITH (' || array_to_string(reloptions, ', ') || ')' FROM pg_class WHERE oid = t.name::regclass);
    FOR x IN SELECT conname AS name, pg_get_constraintdef(oid) AS said FROM pg_constraint WHERE conrelid = t.name::regclass AND contype = 'p' LOOP
      afterwards := afterwards || format('ALTER TABLE %I ADD CONSTRAINT %I %s', t.name, x.name, x.said);
      EXECUTE format('ALTER TABLE %I RENAME CONSTRAINT %I TO %I', t.name, x.name, 'old_' || x.name);
    END LOOP;
    FOR x IN
      SELECT c.relname AS name, pg_get_indexdef(i.indexrelid) AS said FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
      WHERE i.indrelid = t.name::regclass AND NOT i.indisprimary ORDER BY c.relname
    LOOP
      afterwards := afterwards || x.said;
      EXECUTE format('ALTER INDEX %I RENAME TO %I', x.name, 'old_' || x.name);
    END LOOP;
    afterwards := afterwards || ARRAY(
      SELECT format('COMMENT ON TABLE %I IS %L', t.name, obj_description(t.name::regclass)) WHERE obj_description(t.name::regclass) IS NOT NULL
      UNION ALL
      SELECT format('GRANT %s ON %I TO %s%s', g.privilege_type, t.name, CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE g.grantee::regrole::text END,
        CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
      FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) g WHERE c.oid = t.name::regclass AND g.grantee <> c.relowner
      UNION ALL
      SELECT format('GRANT %s (%I) ON %I TO %s%s', g.privilege_type, a.attname, t.name, CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE g.grantee::regrole::text END,
        CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
      FROM pg_attribute a CROSS JOIN LATERAL aclexplode(a.attacl) g WHERE a.attrelid = t.name::regclass AND a.attnum > 0 AND NOT a.attisdropped
      UNION ALL
      SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = t.name::regclass AND NOT tgisinternal);
    EXECUTE format('ALTER TABLE %I RENAME TO %I', t.name, 'old_' || t.name);
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL EXCLUDING INDEXES) PARTITION BY RANGE (%I)', t.name, 'old_' || t.name, t.key);
    EXECUTE format('CREATE TABLE %I PARTITION OF %I DEFAULT %s', t.name || '_default', t.name, settings);
    FOR x IN EXECUTE format($q$SELECT DISTINCT (date_trunc('month', reporting.hour_of(%1$I), 'UTC') AT TIME ZONE 'UTC')::date AS month
      FROM %2$I WHERE substr(%1$I::text, 15, 1) = '7' AND reporting.hour_of(%1$I) < now() + interval '3 months'$q$, t.key, 'old_' || t.name)
    LOOP
      PERFORM make_partition(t.name, x.month);
    END LOOP;
    EXECUTE format('INSERT INTO %I SELECT * FROM %I', t.name, 'old_' || t.name);
  END LOOP;

  FOREACH command IN ARRAY views LOOP EXECUTE command; END LOOP;
  FOR t IN SELECT * FROM unnest(ARRAY['message', 'message_content', 'attempt', 'status_event', 'event', 'inbox']) v(name) LOOP
    EXECUTE format('DROP TABLE %I', 'old_' || t.name);
  END LOOP;
  FOREACH command IN ARRAY afterwards LOOP EXECUTE command; END LOOP;
  FOR x IN
    SELECT c.relname AS name, p.relname || substr(s.name, length(s.parent) + 1) AS new_name
    FROM month_partition s
    JOIN pg_index i ON i.indrelid = s.id
    JOIN pg_class c ON c.oid = i.indexrelid
    JOIN pg_inherits h ON h.inhrelid = c.oid
    JOIN pg_class p ON p.oid = h.inhparent
  LOOP
    EXECUTE format('ALTER INDEX %I RENAME TO %I', x.name, x.new_name);
  END LOOP;
END $$;
SELECT ensure_partitions(now());

-- ── What goes with them ─────────────────────────────────────────────────────────────────────────────────────────────────
CREATE FUNCTION "event_numbered"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO event_number (client_id, seq, event_id) VALUES (NEW.client_id, NEW.seq, NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER "event_insert_numbered" AFTER INSERT ON "event" FOR EACH ROW WHEN (NEW.seq IS NOT NULL) EXECUTE FUNCTION "event_numbered"();
CREATE TRIGGER "event_update_numbered" AFTER UPDATE OF seq ON "event"
  FOR EACH ROW WHEN (NEW.seq IS DISTINCT FROM OLD.seq AND NEW.seq IS NOT NULL) EXECUTE FUNCTION "event_numbered"();

-- A hash is there as long as its notification.
CREATE FUNCTION "inbox_hash_forgotten"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'TRUNCATE' THEN TRUNCATE inbox_hash; ELSE DELETE FROM inbox_hash h USING gone g WHERE h.sha256 = g.sha256; END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER "inbox_truncated" AFTER TRUNCATE ON "inbox" FOR EACH STATEMENT EXECUTE FUNCTION "inbox_hash_forgotten"();
CREATE TRIGGER "inbox_deleted" AFTER DELETE ON "inbox" REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION "inbox_hash_forgotten"();

-- Hours whose rows are gone stay as they were counted.
CREATE OR REPLACE FUNCTION "touch_message_hours"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO hour_touched (subject, hour)
  SELECT DISTINCT 'message', reporting.hour_of(message_id) FROM changed
  WHERE substr(message_id::text, 15, 1) = '7' AND reporting.hour_of(message_id) >= coalesce((SELECT kept_from FROM retention), '-infinity');
  RETURN NULL;
END $$;

CREATE OR REPLACE VIEW "charge_reported" AS
SELECT c.charged_at, c.day, coalesce(c.client_id, '00000000-0000-0000-0000-000000000000') AS client_id, c.phone_number_id, c.waba_id,
  coalesce(c.market, '') AS market, coalesce(c.category, c.pricing_category) AS category, c.mark,
  coalesce(CASE WHEN m.uses_fallback THEN n.window_fallback ELSE n.content END -> 'template' ->> 'name', x.template, '') AS template,
  c.currency, c.amount_micros, n.tags
FROM charge c
LEFT JOIN message m ON m.id = c.message_id
LEFT JOIN message_content n ON n.id = c.message_id
LEFT JOIN charge_template x ON x.wamid = c.wamid;

-- The ids from the first to the last month in which messages wait, the running one included: what the feeder has to look at, and to plan for.
CREATE FUNCTION "waiting_range"(OUT "from_id" uuid, OUT "to_id" uuid) LANGUAGE plpgsql STABLE AS $$
DECLARE
  first date := date_trunc('month', now(), 'UTC') AT TIME ZONE 'UTC';
  last date := date_trunc('month', now() + interval '1 day', 'UTC') AT TIME ZONE 'UTC';
  p record;
  waits boolean;
BEGIN
  FOR p IN SELECT name, month FROM month_partition WHERE parent = 'message' AND (month IS NULL OR month NOT BETWEEN first AND last) LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE next_attempt_at IS NOT NULL)', p.name) INTO waits;
    CONTINUE WHEN NOT waits;
    IF p.month IS NULL THEN
      from_id := '00000000-0000-0000-0000-000000000000';
      to_id := 'ffffffff-ffff-ffff-ffff-ffffffffffff';
      RETURN;
    END IF;
    first := LEAST(first, p.month);
    last := GREATEST(last, p.month);
  END LOOP;
  from_id := reporting.id_at(first::timestamp AT TIME ZONE 'UTC');
  to_id := reporting.id_at((last + interval '1 month') AT TIME ZONE 'UTC');
END $$;

-- ── Retention ───────────────────────────────────────────────────────────────────────────────────────────────────────────
-- What of a month is not over: messages that wait or are under way, notifications that are not applied, hours that reports have not counted.
CREATE FUNCTION "open_of_month"("month" date) RETURNS text[] LANGUAGE sql STABLE AS $$
  SELECT array_remove(ARRAY[
    CASE WHEN EXISTS (SELECT FROM message m WHERE m.id >= b.from_id AND m.id < b.to_id AND m.next_attempt_at IS NOT NULL) THEN 'messages that wait' END,
    CASE WHEN EXISTS (SELECT FROM attempt a WHERE a.message_id >= b.from_id AND a.message_id < b.to_id AND a.state IN ('started', 'uncertain')) THEN 'attempts without an end' END,
    CASE WHEN EXISTS (SELECT FROM inbox_work w WHERE w.inbox_id >= b.from_id AND w.inbox_id < b.to_id AND w.state <> 'dead') THEN 'notifications that are not applied' END,
    CASE WHEN EXISTS (SELECT FROM hour_touched h WHERE h.subject = 'message' AND h.hour >= b.begins AND h.hour < b.ends) THEN 'hours that are not counted' END], NULL)
  FROM (
    SELECT begins, ends, reporting.id_at(begins) AS from_id, reporting.id_at(ends) AS to_id
    FROM (SELECT month::timestamp AT TIME ZONE 'UTC' AS begins, (month + interval '1 month') AT TIME ZONE 'UTC' AS ends) m
  ) b
$$;

-- What hangs on a month's rows and is not in its partitions. Done before they go, and as often as one likes.
CREATE FUNCTION "leave_month"("month" date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  begins timestamptz := month::timestamp AT TIME ZONE 'UTC';
  ends timestamptz := (month + interval '1 month') AT TIME ZONE 'UTC';
  from_id uuid := reporting.id_at(begins);
  to_id uuid := reporting.id_at(ends);
BEGIN
  INSERT INTO charge_template (wamid, template)
  SELECT c.wamid, o.template FROM charge c JOIN message_outcome o ON o.id = c.message_id
  WHERE c.message_id >= from_id AND c.message_id < to_id AND o.id >= from_id AND o.id < to_id AND o.template <> ''
  ON CONFLICT DO NOTHING;
  DELETE FROM inbox_hash h USING inbox i WHERE i.id >= from_id AND i.id < to_id AND h.sha256 = i.sha256;
  DELETE FROM event_number n USING event e WHERE e.id >= from_id AND e.id < to_id AND e.seq IS NOT NULL AND n.client_id = e.client_id AND n.seq = e.seq;
  DELETE FROM idempotency_key WHERE created_at >= begins - interval '1 day' AND created_at < ends + interval '1 day' AND key LIKE 'ref:%' AND message_ids[1] >= from_id AND message_ids[1] < to_id;
  DELETE FROM message_link WHERE message_id >= from_id AND message_id < to_id;
  DELETE FROM inbox_dead_item WHERE inbox_id >= from_id AND inbox_id < to_id;
  DELETE FROM inbox_work WHERE inbox_id >= from_id AND inbox_id < to_id AND state = 'dead';
END $$;

-- Drops the partitions of a month, and says what of it is not over, in which case nothing is dropped. The tables are locked for a moment, or
-- it gives up (55P03). Whoever works on a row of the month is waited for, and what it has marked is seen.
CREATE FUNCTION "drop_month"("month" date) RETURNS text[] LANGUAGE plpgsql SET lock_timeout = '500ms' AS $$
DECLARE
  x record;
  patience text := current_setting('lock_timeout');
  still_open text[];
BEGIN
  PERFORM set_config('lock_timeout', '0', true);
  PERFORM pg_advisory_xact_lock(hashtext('herald.partitions'));
  PERFORM set_config('lock_timeout', patience, true);
  IF NOT pg_try_advisory_xact_lock(hashtext('herald.rollups')) THEN RETURN ARRAY['hours that are being counted']; END IF;
  LOCK TABLE message, message_content, attempt, status_event, event, inbox IN ACCESS EXCLUSIVE MODE;
  still_open := open_of_month(month);
  IF cardinality(still_open) > 0 THEN RETURN still_open; END IF;
  FOR x IN SELECT p.parent, p.name FROM month_partition p WHERE p.month = drop_month.month LOOP
    EXECUTE format('ALTER TABLE %I DETACH PARTITION %I', x.parent, x.name);
    EXECUTE format('DROP TABLE %I', x.name);
  END LOOP;
  INSERT INTO retention (kept_from) VALUES ((month + interval '1 month') AT TIME ZONE 'UTC')
  ON CONFLICT (id) DO UPDATE SET kept_from = GREATEST(retention.kept_from, excluded.kept_from);
  RETURN '{}';
END $$;
