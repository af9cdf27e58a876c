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

const isOtherKind = (value: unknown) =>
  typeof value === 'object' && value !== null && ('userId' in value || 'groupId' in value);

/** Refuses what is no phone number; user ids and groups by a code of their own. */
export const IsRecipient = () => (target: object, property: string) => {
  const context: RuleContext = { problemCode: 'recipient_kind_not_supported' };
  ValidateBy({
    name: 'isRecipient',
    validator: {
      validate: (value) => isOtherKind(value) || (typeof value === 'string' && recipientDigits(value) !== null),
      defaultMessage: () => '$property must be a phone number of 7 to 15 digits',
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
