-- Whose time zone turns out to be another has its hours counted on other days: all of them are counted anew, but those whose rows are gone.
-- A charge keeps its day: that is the day whose rate it was priced with.
CREATE FUNCTION "touch_hours_of_waba"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO hour_touched (subject, hour)
  SELECT DISTINCT 'message', d.hour FROM delivery_hour d JOIN sender s ON s.phone_number_id = d.phone_number_id
  WHERE s.waba_id = NEW.id AND d.hour >= coalesce((SELECT kept_from FROM retention), '-infinity');
  RETURN NULL;
END $$;
CREATE TRIGGER "waba_timezone_touches_hours" AFTER UPDATE OF timezone ON "waba"
  FOR EACH ROW WHEN (OLD.timezone IS DISTINCT FROM NEW.timezone) EXECUTE FUNCTION "touch_hours_of_waba"();
