-- What only a person may do to a message (delivery protocol §3, T10 and T11), as the database sees it.

-- T10: what may have gone through is not cancelled.
CREATE FUNCTION "message_cancelled_unsent"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM "attempt" WHERE message_id = NEW.id AND state = 'abandoned') THEN
    RAISE EXCEPTION 'message %: an earlier attempt may have gone through, it cannot be cancelled', NEW.id USING ERRCODE = 'check_violation', CONSTRAINT = 'message_cancelled_unsent';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "message_cancelled_unsent" BEFORE UPDATE OF state ON "message"
  FOR EACH ROW WHEN (OLD.state = 'queued' AND NEW.state = 'cancelled') EXECUTE FUNCTION "message_cancelled_unsent"();

-- T11: a redriven message has no open attempt, a new fence and new counters.
CREATE FUNCTION "message_redriven_afresh"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.fence <= OLD.fence OR NEW.burned <> 0 OR NEW.not_sent <> 0 OR NEW.expires_at <= now()
    OR EXISTS (SELECT 1 FROM "attempt" WHERE message_id = NEW.id AND state IN ('started', 'uncertain')) THEN
    RAISE EXCEPTION 'message %: redriven with an open attempt, an old fence, old counters or no time left', NEW.id USING ERRCODE = 'check_violation', CONSTRAINT = 'message_redriven_afresh';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "message_redriven_afresh" BEFORE UPDATE OF state ON "message"
  FOR EACH ROW WHEN (OLD.state IN ('failed', 'expired', 'unknown') AND NEW.state = 'queued') EXECUTE FUNCTION "message_redriven_afresh"();
