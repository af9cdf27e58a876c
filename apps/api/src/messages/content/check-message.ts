import { isMessageType, type MetaMessage } from '#graph-api';
import { findJsonFlaw, type JsonFlaw } from '../../http/json-flaw.js';
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
  if (message.type !== 'contacts' || typeof contacts !== 'string')
    return checkContent(message, MESSAGE_CONTENT[message.type], []);
  const read = { contacts: parse(contacts) };
  const flaw = findJsonFlaw(read);
  return flaw === null ? checkContent({ ...message, ...read }, MESSAGE_CONTENT.contacts, []) : [problemOf(flaw)];
}

const problemOf = ({ field, code, message }: JsonFlaw): FieldProblem => ({
  field: field === '' ? 'contacts' : field,
  code,
  message: `${field === '' ? 'contacts:' : field} ${message}`,
});

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
