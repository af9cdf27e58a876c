import type { ApiPropertyOptions } from '@nestjs/swagger';
import { ValidateBy } from 'class-validator';
import type { Recipient, RecipientName } from '#graph-api';

/**
 * The digits of a phone number as people write it, or null when they are not 7 to 15 after `+ - ( )` and spaces are gone.
 * Nothing is added: digits without `+` are read as international.
 */
export function recipientDigits(written: string): string | null {
  const digits = written.replaceAll(/[+\-() ]/g, '');
  return /^\d{7,15}$/.test(digits) ? digits : null;
}

/** A business-scoped user id, of one business or of its parent: `US.1349…`, `US.ENT.1181…`. */
const USER_ID = /^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/;
/** Group ids are opaque. */
const GROUP_ID = /^[\x21-\x7e]{1,255}$/;

/** A user or a group, and nothing else, in the way of a recipient; null for any other value. */
function otherKind(value: unknown): Recipient | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const [[name, id] = [], ...others] = Object.entries(value);
  if (others.length > 0 || typeof id !== 'string') return null;
  if (name === 'userId') return USER_ID.test(id) ? { kind: 'user', id } : null;
  return name === 'groupId' && GROUP_ID.test(id) ? { kind: 'group', id } : null;
}

function recipientOf(value: unknown): Recipient | null {
  if (typeof value !== 'string') return otherKind(value);
  const id = recipientDigits(value);
  return id === null ? null : { kind: 'phone', id };
}

/** Whom a valid `to` names, and how it was written. @throws Error for one that `IsRecipient` refuses */
export function readRecipient(to: RecipientName): Recipient & { input: string } {
  const recipient = recipientOf(to);
  if (recipient === null) throw new Error('not a recipient');
  return { ...recipient, input: typeof to === 'string' ? to : recipient.id };
}

/** Refuses what names no recipient. */
export const IsRecipient = () =>
  ValidateBy({
    name: 'isRecipient',
    validator: {
      validate: (value) => recipientOf(value) !== null,
      defaultMessage: () =>
        '$property must be a phone number of 7 to 15 digits, {"userId": "US.…"} or {"groupId": "…"}',
    },
  });

/** The key of a recipient in a query, where user ids and group ids stand by themselves. */
export const recipientKey = (written: string): string => recipientDigits(written) ?? written;

/** Whether a text can be a recipient's key. A group id has letters: digits that are no phone number are a mistake. */
export const isRecipientKey = (value: unknown): boolean =>
  typeof value === 'string' && (recipientDigits(value) !== null || (GROUP_ID.test(value) && /[A-Za-z]/.test(value)));

/** Refuses what can be no recipient's key. */
export const IsRecipientKey = () =>
  ValidateBy({
    name: 'isRecipient',
    validator: {
      validate: isRecipientKey,
      defaultMessage: () => '$property must be a phone number of 7 to 15 digits, a user id or a group id',
    },
  });

/** How OpenAPI describes a recipient. */
export const RECIPIENT_NAME: ApiPropertyOptions = {
  description:
    'A phone number of 7 to 15 digits (+ - ( ) and spaces are ignored; read as international, with or without +), a user id, or a group id',
  oneOf: [
    { type: 'string' },
    { type: 'object', properties: { userId: { type: 'string' } }, required: ['userId'] },
    { type: 'object', properties: { groupId: { type: 'string' } }, required: ['groupId'] },
  ],
  example: '+15550100001',
};
