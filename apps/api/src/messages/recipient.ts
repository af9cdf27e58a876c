import { ValidateBy } from 'class-validator';
import type { RuleContext } from '../http/validation.js';

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

/** Whether a value names a user or a group, and nothing else, in the way of a recipient. */
export function isOtherKind(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const [[name, id] = [], ...others] = Object.entries(value);
  if (others.length > 0 || typeof id !== 'string') return false;
  return name === 'userId' ? USER_ID.test(id) : name === 'groupId' && GROUP_ID.test(id);
}

/** Refuses what is no recipient; user ids and groups, which cannot be sent to yet, by a code of their own. */
export const IsRecipient = () => (target: object, property: string) => {
  const context: RuleContext = { problemCode: 'recipient_kind_not_supported' };
  ValidateBy({
    name: 'isRecipient',
    validator: {
      validate: (value) => isOtherKind(value) || (typeof value === 'string' && recipientDigits(value) !== null),
      defaultMessage: () =>
        '$property must be a phone number of 7 to 15 digits, {"userId": "US.…"} or {"groupId": "…"}',
    },
  })(target, property);
  ValidateBy(
    {
      name: 'recipientKindNotSupported',
      validator: {
        validate: (value) => !isOtherKind(value),
        defaultMessage: () => '$property must be a phone number: user ids and groups are not supported yet',
      },
    },
    { context },
  )(target, property);
};
