import type { MetaMessage, RecipientKind } from '#graph-api';
import { guessCategory } from './guess-category.js';

/** Longest one-time password (sending.md §2.7), in characters. */
const MAX_CODE = 15;

/** An authentication template that Meta would refuse. */
export class AuthenticationRefusedError extends Error {
  readonly code = 'validation_failed';
  readonly errors: readonly { field: string; code: string; message: string }[];
  constructor(field: string, code: string, sentence: string) {
    super(`See errors: ${field}`);
    this.errors = [{ field, code, message: `${field} ${sentence}` }];
  }
}

/**
 * What Meta does not take of an authentication template: a long password, a user id. Asked only once the category is known: a template
 * of another one may well have the number of a parcel in its body and in its button. @throws AuthenticationRefusedError
 */
export function checkAuthentication(message: MetaMessage, recipientKind: RecipientKind): void {
  if (recipientKind === 'user')
    throw new AuthenticationRefusedError(
      'message.template',
      'not_to_user_ids',
      'must not be an authentication template: Meta sends those to phone numbers alone',
    );
  const { at, length } = codeIn(message);
  if (length > MAX_CODE)
    throw new AuthenticationRefusedError(
      `message.template.components[${at}].parameters[0].text`,
      'one_time_password',
      `must be a code of at most ${MAX_CODE} characters, because the url button has the same text; is it no one-time password, name its category; it is a text of ${length} characters`,
    );
}

interface Body {
  type: string;
  parameters: { text: unknown }[];
}

/** Where the one-time password stands among the components, and how long it is; 0 when there is none. */
function codeIn(message: MetaMessage): { at: number; length: number } {
  if (guessCategory(message) !== 'authentication') return { at: -1, length: 0 };
  const { components } = message.template as { components: Body[] };
  const at = components.findIndex(({ type }) => type.toLowerCase() === 'body');
  const text = components[at]?.parameters[0]?.text;
  return { at, length: typeof text === 'string' ? [...text].length : 0 };
}
