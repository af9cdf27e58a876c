import { isMessageType, type MetaMessage } from '#graph-api';
import type { FieldProblem } from '../../http/request.errors.js';
import { checkContent } from './check-content.js';
import { MESSAGE_CONTENT } from './message.content.js';

/**
 * What is wrong inside a message, fields named from the message inwards; empty when nothing is, or when its type is unknown.
 * `contacts` may be a JSON text, as Meta takes it from forms: what it says is checked, and the text stays a text.
 */
export function checkMessage(message: MetaMessage): FieldProblem[] {
  if (!isMessageType(message.type)) return [];
  const { contacts } = message;
  const read =
    message.type === 'contacts' && typeof contacts === 'string' ? { ...message, contacts: parse(contacts) } : message;
  return checkContent(read, MESSAGE_CONTENT[message.type], []);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
