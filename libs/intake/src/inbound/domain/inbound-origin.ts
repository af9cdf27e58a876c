/** The ad or post that brought a contact: Meta's words. */
export interface Referral {
  sourceType: string | null;
  sourceId: string | null;
  sourceUrl: string | null;
  headline: string | null;
  body: string | null;
  /** Click id of the ad; Meta leaves it out for ads in WhatsApp Status. */
  ctwaClid: string | null;
}

type Content = Readonly<Record<string, unknown>>;

/** How a message came to be: forwarded, or because of an ad or post; null where neither is known. */
export function inboundOrigin(content: Content): {
  forwarded: 'forwarded' | 'frequently_forwarded' | null;
  referral: Referral | null;
} {
  const context = objectOf(content.context);
  return {
    forwarded:
      context?.frequently_forwarded === true
        ? 'frequently_forwarded'
        : context?.forwarded === true
          ? 'forwarded'
          : null,
    referral: readReferral(objectOf(content.referral)),
  };
}

function readReferral(referral: Content | null): Referral | null {
  if (referral === null) return null;
  return {
    sourceType: textOf(referral.source_type),
    sourceId: textOf(referral.source_id),
    sourceUrl: textOf(referral.source_url),
    headline: textOf(referral.headline),
    body: textOf(referral.body),
    ctwaClid: textOf(referral.ctwa_clid),
  };
}

const objectOf = (value: unknown): Content | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
const textOf = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);
