import type { Statement, Tx } from '#persistence';

/** A sender to add or change. What is null keeps the value it has, or gets the default when it is new. */
export interface SenderToWrite {
  phoneNumberId: string;
  displayNumber: string | null;
  wabaId: string;
  portfolioId: string | null;
  currency: string | null;
  timezone: string | null;
  accessTokenId: string;
  appId: string | null;
  fingerprint: Buffer;
  ciphertext: string;
}

/** Unique key: fingerprint. The row keeps its id, and the ciphertext of whoever encrypted last. */
const UPSERT_ACCESS_TOKEN: Statement = {
  name: 'upsert-access-token',
  sql: `
INSERT INTO access_token AS t (id, app_id, fingerprint, ciphertext) VALUES ($1, coalesce($2, 'default'), $3, $4)
ON CONFLICT (fingerprint) DO UPDATE SET app_id = coalesce($2, t.app_id), ciphertext = excluded.ciphertext, updated_at = now()
RETURNING id`,
};

const UPSERT_WABA: Statement = {
  name: 'upsert-waba',
  sql: `
INSERT INTO waba AS w (id, portfolio_id, currency, timezone) VALUES ($1, coalesce($2, 'waba-' || $1), coalesce($3, 'USD'), coalesce($4, 'UTC'))
ON CONFLICT (id) DO UPDATE SET portfolio_id = coalesce($2, w.portfolio_id), currency = coalesce($3, w.currency), timezone = coalesce($4, w.timezone)`,
};

const UPSERT_SENDER: Statement = {
  name: 'upsert-sender',
  sql: `
INSERT INTO sender AS s (phone_number_id, waba_id, access_token_id, display_number) VALUES ($1, $2, $3, $4)
ON CONFLICT (phone_number_id) DO UPDATE
SET waba_id = excluded.waba_id, access_token_id = excluded.access_token_id, display_number = coalesce($4, s.display_number), updated_at = now()`,
};

/** Writes access token, WABA and sender, in this order in every transaction, so that two of them cannot wait for each other. */
export async function upsertSender(tx: Tx, sender: SenderToWrite): Promise<void> {
  const { phoneNumberId, displayNumber, wabaId, portfolioId, currency, timezone, appId, fingerprint, ciphertext } =
    sender;
  const [token] = await tx.query<{ id: string }>(UPSERT_ACCESS_TOKEN, [
    sender.accessTokenId,
    appId,
    fingerprint,
    ciphertext,
  ]);
  await tx.query(UPSERT_WABA, [wabaId, portfolioId, currency, timezone]);
  await tx.query(UPSERT_SENDER, [phoneNumberId, wabaId, token?.id, displayNumber]);
}
