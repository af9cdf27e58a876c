import { asArray, asObject } from './json.js';
import type { OtherItem } from './notification-item.js';
import { idText, unixSeconds } from './webhook-fields.js';

/** What a contact chose of marketing in WhatsApp. `timestamp`: UNIX seconds; null when missing or unreadable. */
export interface MarketingPreference {
  /** Digits and user id, as far as Meta gives them. */
  contacts: string[];
  wantsMarketing: boolean;
  timestamp: number | null;
}

const WANTS: Readonly<Record<string, boolean>> = { stop: false, resume: true };

/** The choices in a webhook of the field `user_preferences`; those about other things, or by nobody, are left out. */
export function readMarketingPreferences({ raw }: Pick<OtherItem, 'raw'>): MarketingPreference[] {
  return asArray(asObject(raw)?.user_preferences).flatMap((value) => {
    const preference = asObject(value);
    const contacts = [idText(preference?.wa_id), idText(preference?.user_id)].filter((id) => id !== null);
    const choice = idText(preference?.value) ?? '';
    if (contacts.length === 0 || preference?.category !== 'marketing_messages' || !Object.hasOwn(WANTS, choice))
      return [];
    return [{ contacts, wantsMarketing: WANTS[choice] === true, timestamp: unixSeconds(preference.timestamp) }];
  });
}
