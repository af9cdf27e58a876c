import type { SenderNumber } from './domain/accepted-message.js';
import type { Settings } from './settings.js';

/** The number of the recorded answers; every other phone number id gets a display number made from its digits. */
export const RECORDED_NUMBER = { phoneNumberId: '800000000000001', displayPhoneNumber: '15550100100' };

type NumberSettings = Pick<Settings, 'wabaId' | 'otherWabas' | 'phoneNumberIds'>;

/** The business number behind a phone number id. */
export function senderNumberOf(phoneNumberId: string, settings: NumberSettings): SenderNumber {
  const displayPhoneNumber =
    phoneNumberId === RECORDED_NUMBER.phoneNumberId
      ? RECORDED_NUMBER.displayPhoneNumber
      : `15550199${phoneNumberId.slice(-3).padStart(3, '0')}`;
  return { phoneNumberId, wabaId: wabaIdOf(phoneNumberId, settings), displayPhoneNumber };
}

/** Whether this phone number id exists: every one does unless the existing ones are configured. */
export function numberExists(phoneNumberId: string, { phoneNumberIds }: NumberSettings): boolean {
  return phoneNumberIds.length === 0 || phoneNumberIds.includes(phoneNumberId);
}

/** The phone numbers of an account that can be listed. */
export function numbersOfWaba(wabaId: string, settings: NumberSettings): string[] {
  const { phoneNumberIds } = settings;
  const others = settings.otherWabas.map((pair) => pair.split('=')[0] ?? '');
  const known = phoneNumberIds.length === 0 ? [RECORDED_NUMBER.phoneNumberId, ...others] : phoneNumberIds;
  return known.filter((phoneNumberId) => wabaIdOf(phoneNumberId, settings) === wabaId);
}

/** Whether this is the id of a business account. */
export function wabaExists(id: string, { wabaId, otherWabas }: NumberSettings): boolean {
  return id === wabaId || otherWabas.some((pair) => pair.endsWith(`=${id}`));
}

function wabaIdOf(phoneNumberId: string, { wabaId, otherWabas }: NumberSettings): string {
  const pair = otherWabas.find((candidate) => candidate.startsWith(`${phoneNumberId}=`));
  return pair?.split('=')[1] ?? wabaId;
}
