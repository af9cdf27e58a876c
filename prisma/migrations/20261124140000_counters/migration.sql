-- CreateTable
CREATE TABLE "delivery_counter" (
    "client_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "value" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "delivery_counter_pkey" PRIMARY KEY ("client_id","name")
);

-- What the delivery protocol (§6) wants counted and shown per client is counted with the event that says it, whoever writes it.
CREATE FUNCTION "event_counted"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "delivery_counter" AS c (client_id, name, value)
  VALUES (NEW.client_id, CASE NEW.type WHEN 'message.unknown' THEN 'unknown' WHEN 'message.queued' THEN 'uncertain_resent' ELSE 'duplicate_suspected' END, 1)
  ON CONFLICT (client_id, name) DO UPDATE SET value = c.value + 1;
  RETURN NULL;
END $$;
CREATE TRIGGER "event_counted" AFTER INSERT ON "event" FOR EACH ROW
  WHEN (NEW.type IN ('message.unknown', 'message.duplicate_suspected') OR (NEW.type = 'message.queued' AND NEW.payload ->> 'reason' = 'resent_unproven'))
  EXECUTE FUNCTION "event_counted"();
