import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { listFixtures, readFixture } from '#graph-api';
import { dropPrototypes, findJsonFlaw } from '../http/json-flaw.js';
import { createValidationPipe } from '../http/validation.js';
import type { FieldProblem } from '../http/request.errors.js';
import { SendMessageDto } from './send-message.dto.js';

const pipe = createValidationPipe();
const read = async (body: object) =>
  (pipe.transform(body, { type: 'body', metatype: SendMessageDto }) as Promise<SendMessageDto>).then((dto) =>
    dto.toInput(),
  );
const aSend = (message: unknown, more: object = {}) => ({ from: '8', to: '+15550100001', message, ...more });
const fieldsOf = async (body: object) =>
  read(body).then(
    () => [],
    ({ errors }: { errors: FieldProblem[] }) => errors.map(({ field }) => field),
  );

/** Bodies of Meta's for one number, without what Herald adds. */
const MESSAGES = listFixtures('send').flatMap((file) => {
  const body = JSON.parse(readFixture('send', file)) as Record<string, unknown>;
  const { messaging_product: _product, recipient_type, to: _to, recipient: _recipient, ...message } = body;
  return recipient_type === 'individual' ? [message] : [];
});

/** Any JSON value with any members, as the parser of bodies lets it through, put beside what a message says. */
const extras = fc
  .dictionary(fc.stringMatching(/^x[a-z_]{0,8}$/), fc.jsonValue({ maxDepth: 4 }))
  .map((value) => JSON.parse(JSON.stringify(value)) as Record<string, unknown>)
  .map((value) => {
    dropPrototypes(value);
    return value;
  })
  .filter((value) => findJsonFlaw(value) === null);

/** A value somewhere inside, replaced by one that is falsy, long or of another type. */
const replacement = fc.constantFrom<unknown>(0, -0.5, '', '0', false, null, [], {}, 'x'.repeat(30), 7, true, '😀');

/** The places of all members inside a JSON value. */
function places(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [[...path, name], ...places(inner, [...path, name])]);
}

function parentOf(message: Record<string, unknown>, path: readonly string[]): Record<string, unknown> {
  return path.slice(0, -1).reduce((at, name) => at[name] as Record<string, unknown>, message);
}

describe('a request to send', () => {
  it('keeps members of Meta’s objects whatever they are called', async () => {
    const message = { type: 'text', text: { body: 'x', constructor: 'y', prototype: { a: 1 } } };
    const asCame = JSON.stringify(message);
    expect(JSON.stringify((await read(aSend(message))).message)).toBe(asCame);
  });

  it('may have as many contacts as Meta takes, with everything that a card has', async () => {
    const [card] = (JSON.parse(readFixture('send', 'contacts.json')) as { contacts: object[] }).contacts;
    const contacts = (count: number) =>
      aSend({ type: 'contacts', contacts: Array.from({ length: count }, () => card) });
    expect(await fieldsOf(contacts(257))).toEqual([]);
    expect(await fieldsOf(contacts(258))).toEqual(['message.contacts']);
  });

  it('leaves as the same JSON, whatever JSON is taken', async () => {
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...MESSAGES),
        extras,
        fc.nat(),
        fc.option(replacement, { nil: undefined }),
        async (original, extra, pick, value) => {
          const message = structuredClone(original);
          const all = places(message);
          const path = all[pick % all.length] ?? [];
          Object.assign(message, extra);
          if (typeof message[String(message.type)] === 'object')
            Object.assign(message[String(message.type)] as object, extra);
          if (value !== undefined) parentOf(message, path)[path.at(-1) ?? ''] = value;
          const asCame = JSON.stringify(message);
          const input = await read(aSend(message)).catch(() => null);
          if (input === null) return;
          taken += 1;
          expect(JSON.stringify(input.message)).toBe(asCame);
        },
      ),
      { numRuns: 1_000 },
    );
    // A rule that refuses all would keep the promise, too.
    expect(taken).toBeGreaterThan(100);
  });

  it('has Markdown of a text rendered, and nothing else changed', async () => {
    const text = { markdown: '**Sam\\*** is _here_', preview_url: false, new_of_meta: 0 };
    expect((await read(aSend({ type: 'text', text, context: { message_id: 'w' } }))).message).toEqual({
      type: 'text',
      text: { body: '*Sam∗* is _here_', preview_url: false, new_of_meta: 0 },
      context: { message_id: 'w' },
    });
  });

  it('names fields inside the message and inside the fallback', async () => {
    const template = { name: 'Upper', language: { code: 'en' } };
    expect(
      await fieldsOf(
        aSend(
          { type: 'text', text: { body: '' } },
          { windowFallback: { type: 'template', template }, priority: 'now' },
        ),
      ),
    ).toEqual(expect.arrayContaining(['message.text.body', 'windowFallback.template.name', 'priority']));
  });

  it('has no pin for a phone number', async () =>
    expect(await fieldsOf(aSend({ type: 'pin', pin: { type: 'pin', message_id: 'w' } }))).toEqual(['message.type']));

  it('may have 144 KiB of JSON, whatever that is made of', async () => {
    const LIMIT = 144 * 1024;
    const sized = (fill: (bytes: number) => unknown) => async (bytes: number) => {
      const message = { type: 'text', text: { body: 'x' }, more: '' as unknown };
      message.more = fill(bytes - JSON.stringify(message).length);
      expect(Buffer.byteLength(JSON.stringify(message))).toBe(bytes);
      return fieldsOf(aSend(message));
    };
    const fills: ((bytes: number) => unknown)[] = [
      (bytes) => 'x'.repeat(bytes),
      (bytes) => '\u0007'.repeat(Math.floor(bytes / 6)) + 'x'.repeat(bytes % 6),
      (bytes) => '€'.repeat(Math.floor(bytes / 3)) + 'x'.repeat(bytes % 3),
    ];
    for (const fill of fills) {
      expect(await sized(fill)(LIMIT)).toEqual([]);
      expect(await sized(fill)(LIMIT + 1)).toEqual(['message']);
    }
  });

  it('counts callback data in characters, as everything else', async () => {
    const withData = (data: string) => aSend({ type: 'text', text: { body: 'x' }, biz_opaque_callback_data: data });
    expect(await fieldsOf(withData('😀'.repeat(512)))).toEqual([]);
    expect(await fieldsOf(withData('😀'.repeat(513)))).toEqual(['message.biz_opaque_callback_data']);
  });

  const aTemplate = (...components: object[]) => ({
    type: 'template',
    template: { name: 'sale', language: { code: 'en' }, components },
  });
  const header = (type: string) => ({
    type: 'header',
    parameters: [{ type, [type]: type === 'location' ? { latitude: 0, longitude: 0 } : { id: '7' } }],
  });

  const anOrderStatus = {
    type: 'order_status',
    parameters: [{ type: 'order_status', order_status: { reference_id: 'o1', order: { status: 'shipped' } } }],
  };

  it('shows a gif through the Marketing Messages API alone', async () => {
    const message = aTemplate({ type: 'body', parameters: [] }, header('gif'));
    expect(await fieldsOf(aSend(message))).toEqual(['message.template.components[1]']);
    expect(await fieldsOf(aSend(message, { api: 'marketing_messages' }))).toEqual([]);
    const inCapitals = aTemplate({ type: 'HEADER', parameters: [{ type: 'GIF', gif: { id: '7' } }] });
    expect(await fieldsOf(aSend(inCapitals))).toEqual(['message.template.components[0]']);
    // What stands in for a message goes by the other one.
    const text = { type: 'text', text: { body: 'x' } };
    expect(await fieldsOf(aSend(text, { windowFallback: message }))).toEqual(['windowFallback.template.components[1]']);
    expect(await fieldsOf(aSend(text, { windowFallback: aTemplate(header('image')) }))).toEqual([]);
  });

  it('has templates of text and files alone for groups', async () => {
    const to = { groupId: 'g1' };
    const carousel = MESSAGES.find(({ template }) => JSON.stringify(template ?? '').includes('"carousel"'));
    expect(carousel).toBeDefined();
    expect(await fieldsOf(aSend(carousel, { to }))).toEqual([
      expect.stringMatching(/^message\.template\.components\[\d\]$/),
    ]);
    expect(await fieldsOf(aSend(aTemplate(header('location')), { to }))).toEqual(['message.template.components[0]']);
    expect(await fieldsOf(aSend(aTemplate(anOrderStatus), { to }))).toEqual(['message.template.components[0]']);
    expect(await fieldsOf(aSend(aTemplate(anOrderStatus)))).toEqual([]);
    expect(await fieldsOf(aSend(aTemplate(header('image')), { to }))).toEqual([]);
    expect(await fieldsOf(aSend(aTemplate(header('location'))))).toEqual([]);
  });
});
