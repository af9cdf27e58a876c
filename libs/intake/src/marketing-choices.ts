import { type ConsentWords, type MarketingChoice, wantsMarketing } from '#contacts';
import { type InboundMessageItem, type OtherItem, readMarketingPreferences } from '#graph-api';
import { toldAt } from '#messages';
import type { Arrived } from './domain/arrived.js';

/** What contacts chose of marketing: by a word that they wrote or a button that they tapped, and in WhatsApp itself. */
export function marketingChoices(
  inbound: readonly Arrived<InboundMessageItem>[],
  preferences: readonly Arrived<OtherItem>[],
  words: ConsentWords,
): MarketingChoice[] {
  return [
    ...inbound.flatMap((message) => ofMessage(message, words)),
    ...preferences.flatMap(({ item, receivedAt }) =>
      readMarketingPreferences(item).map((preference) => ({
        phoneNumberId: item.phoneNumberId ?? '',
        contacts: preference.contacts,
        wantsMarketing: preference.wantsMarketing,
        reason: 'user_preference' as const,
        chosenAt: toldAt(preference, receivedAt),
      })),
    ),
  ];
}

/** What somebody says in a group is said to the group. */
function ofMessage({ item, receivedAt }: Arrived<InboundMessageItem>, words: ConsentWords): MarketingChoice[] {
  const wants = item.groupId === null ? wantsMarketing(repliesOf(item.raw), words) : null;
  const contacts = [item.from, item.fromUserId ?? ''].filter((contact) => contact !== '');
  if (wants === null || contacts.length === 0) return [];
  return [
    {
      phoneNumberId: item.phoneNumberId ?? '',
      contacts,
      wantsMarketing: wants,
      reason: 'keyword',
      chosenAt: toldAt(item, receivedAt),
    },
  ];
}

/** The text of a message, or the label and the payload of the button that was tapped. */
function repliesOf(raw: Readonly<Record<string, unknown>>): string[] {
  switch (raw.type) {
    case 'text':
      return textsOf(raw.text, 'body');
    case 'button':
      return textsOf(raw.button, 'text', 'payload');
    case 'interactive':
      return textsOf((raw.interactive as { button_reply?: unknown } | null | undefined)?.button_reply, 'title', 'id');
    default:
      return [];
  }
}

function textsOf(value: unknown, ...names: string[]): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const members = { ...value } as Record<string, unknown>;
  return names.map((name) => members[name]).filter((text) => typeof text === 'string');
}
