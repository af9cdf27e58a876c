/** What a person reads in a message of a contact, as Meta gave it: its text, caption, or the button or row chosen; null when there is nothing to read. */
export function inboundText(content: Readonly<Record<string, unknown>>): string | null {
  const body = objectOf(content[String(content.type)]);
  switch (content.type) {
    case 'text':
      return textOf(body.body);
    case 'button':
    case 'order':
      return textOf(body.text);
    case 'reaction':
      return textOf(body.emoji);
    case 'interactive': {
      const reply = objectOf(body[String(body.type)]);
      return textOf(reply.title) ?? textOf(reply.body);
    }
    case 'edit':
      return inboundText(objectOf(body.message));
    default:
      return textOf(body.caption);
  }
}

const objectOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {};
const textOf = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);
