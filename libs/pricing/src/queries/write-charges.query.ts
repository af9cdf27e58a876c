import type { Statement, Tx } from '#persistence';

/** How far a charge is: at a rate, at nothing, or not yet priced. */
export type ChargeMark = 'rated' | 'free' | 'rate_missing' | 'type_unknown';

/** A charge as it is written. `chargedAt` in UNIX seconds. */
export interface ChargeRow {
  /** As in `ChargeFacts`. */
  wamid: string;
  messageId: string | null;
  attemptNo: number | null;
  clientId: string | null;
  phoneNumberId: string;
  wabaId: string;
  portfolioId: string;
  recipient: string;
  market: string | null;
  pricingCategory: string;
  pricingType: string | null;
  pricingModel: string | null;
  era: string;
  category: string | null;
  conversationId: string | null;
  chargedAt: number;
  day: string;
  month: string;
  currency: string;
  mark: ChargeMark;
  because: string | null;
  tierPosition: bigint | null;
  cardId: string | null;
  rateMicros: bigint | null;
}

/** One charge a wamid: what is learnt later takes the place of what stood. Locked in the order of wamids. */
const WRITE_CHARGES: Statement = {
  name: 'write-charges',
  sql: `
INSERT INTO charge AS c (wamid, message_id, attempt_no, client_id, phone_number_id, waba_id, portfolio_id, recipient, market,
  pricing_category, pricing_type, pricing_model, era, category, conversation_id, charged_at, day, month, currency, mark, because,
  tier_position, card_id, rate_micros, amount_micros)
SELECT v.wamid, v.message_id, v.attempt_no, v.client_id, v.phone_number_id, v.waba_id, v.portfolio_id, v.recipient, v.market,
  v.pricing_category, v.pricing_type, v.pricing_model, v.era, v.category, v.conversation_id, to_timestamp(v.charged_at), v.day, v.month,
  v.currency, v.mark, v.because, v.tier_position, v.card_id, v.rate_micros, coalesce(v.rate_micros, 0)
FROM unnest($1::text[], $2::uuid[], $3::smallint[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
  $11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::float8[], $17::date[], $18::date[], $19::text[], $20::text[],
  $21::text[], $22::bigint[], $23::uuid[], $24::bigint[])
  v(wamid, message_id, attempt_no, client_id, phone_number_id, waba_id, portfolio_id, recipient, market, pricing_category, pricing_type,
    pricing_model, era, category, conversation_id, charged_at, day, month, currency, mark, because, tier_position, card_id, rate_micros)
ORDER BY v.wamid
ON CONFLICT (wamid) DO UPDATE SET message_id = excluded.message_id, attempt_no = excluded.attempt_no, client_id = excluded.client_id,
  waba_id = excluded.waba_id, portfolio_id = excluded.portfolio_id, currency = excluded.currency, recipient = excluded.recipient, market = excluded.market, pricing_category = excluded.pricing_category, pricing_type = excluded.pricing_type,
  pricing_model = excluded.pricing_model, era = excluded.era, category = excluded.category, conversation_id = excluded.conversation_id,
  charged_at = excluded.charged_at, day = excluded.day, month = excluded.month, mark = excluded.mark, because = excluded.because,
  tier_position = excluded.tier_position, card_id = excluded.card_id, rate_micros = excluded.rate_micros,
  amount_micros = excluded.amount_micros, updated_at = now()`,
};

export async function writeCharges(tx: Tx, charges: readonly ChargeRow[]): Promise<void> {
  const column = <T>(read: (charge: ChargeRow) => T) => charges.map(read);
  await tx.query(WRITE_CHARGES, [
    column(({ wamid }) => wamid),
    column(({ messageId }) => messageId),
    column(({ attemptNo }) => attemptNo),
    column(({ clientId }) => clientId),
    column(({ phoneNumberId }) => phoneNumberId),
    column(({ wabaId }) => wabaId),
    column(({ portfolioId }) => portfolioId),
    column(({ recipient }) => recipient),
    column(({ market }) => market),
    column(({ pricingCategory }) => pricingCategory),
    column(({ pricingType }) => pricingType),
    column(({ pricingModel }) => pricingModel),
    column(({ era }) => era),
    column(({ category }) => category),
    column(({ conversationId }) => conversationId),
    column(({ chargedAt }) => chargedAt),
    column(({ day }) => day),
    column(({ month }) => month),
    column(({ currency }) => currency),
    column(({ mark }) => mark),
    column(({ because }) => because),
    column(({ tierPosition }) => tierPosition),
    column(({ cardId }) => cardId),
    column(({ rateMicros }) => rateMicros),
  ]);
}
