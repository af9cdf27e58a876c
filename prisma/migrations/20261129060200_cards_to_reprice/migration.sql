-- An import prices anew what an earlier card without an end had priced of its days. When it dies before that is done, a worker does it: until
-- then the card says so. Cards from before that cut no other short have nothing to price anew.
ALTER TABLE "rate_card" ADD COLUMN     "repriced_at" TIMESTAMPTZ(3);

UPDATE rate_card k SET repriced_at = imported_at
WHERE NOT EXISTS (SELECT FROM rate_card o WHERE o.currency = k.currency AND o.valid_until IS NULL AND o.valid_from < k.valid_from);
