import { MESSAGE_TYPES } from '../domain/message-types.js';
import { listFixtures, readFixture } from '../fixtures/read-fixture.js';

type Json = Readonly<Record<string, unknown>>;

/** A message that the tests send through both doors. */
export interface SendExample {
  /** Name of its fixture: `interactive_cta_url`. */
  name: string;
  type: string;
  /** As Meta's messages endpoint takes it. */
  body: Json;
  /** As `POST /v1/messages` takes it. */
  request: Json;
}

/** Phone number id of the examples' sender. */
const EXAMPLE_SENDER = '800000000000001';
/** Fixtures that go to another endpoint of Meta's. */
const MARKETING = 'marketing_messages';

/** The request of `POST /v1/messages` that says the same as a body of Meta's. */
export function asV1Request(name: string, body: Json, from = EXAMPLE_SENDER): Json {
  const { messaging_product: _product, recipient_type: kind, to, recipient, ...message } = body;
  const whom = kind === 'group' ? { groupId: to } : (to ?? { userId: recipient });
  return { from, to: whom, ...(name === MARKETING ? { api: MARKETING } : {}), message };
}

/** Every message of the fixtures, by type in Meta's order, then by name. */
export function sendExamples(): SendExample[] {
  const examples = listFixtures('send').flatMap((file): SendExample[] => {
    const name = file.replace('.json', '');
    const body = JSON.parse(readFixture('send', file)) as Json;
    const { type } = body;
    return typeof type === 'string' ? [{ name, type, body, request: asV1Request(name, body) }] : [];
  });
  const placeOf = ({ type }: SendExample) => (MESSAGE_TYPES as readonly string[]).indexOf(type);
  return examples.sort((a, b) => placeOf(a) - placeOf(b) || (a.name < b.name ? -1 : 1));
}
