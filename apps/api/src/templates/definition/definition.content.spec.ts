import { describe, expect, it } from '@jest/globals';
import { checkContent } from '../../messages/content/check-content.js';
import { EditedDefinition, NewDefinition } from './definition.content.js';

type Json = Record<string, unknown>;

const x = (length: number) => 'x'.repeat(length);
const times = <T>(length: number, make: (index: number) => T) => Array.from({ length }, (_none, index) => make(index));
const body = (text: string) => ({ type: 'BODY', text });
const BODY = body('Order {{1}} is ready.');
const aNew = (members: Json) => ({
  name: 'order_ready',
  language: 'en_US',
  category: 'UTILITY',
  components: [BODY],
  ...members,
});
const problems = (members: Json) => checkContent(aNew(members), NewDefinition, []);
const fields = (members: Json) => problems(members).map(({ field }) => field);
/** Beside a body. */
const beside = (...components: object[]) => ({ components: [BODY, ...components] });

const header = (text: string) => beside({ type: 'HEADER', format: 'TEXT', text });
const footer = (members: Json) => beside({ type: 'FOOTER', ...members });
const buttons = (...all: object[]) => beside({ type: 'BUTTONS', buttons: all });
const reply = (text = 'Yes') => ({ type: 'QUICK_REPLY', text });
const url = (address = 'https://shop.example.com/{{1}}', text = 'Open') => ({ type: 'URL', text, url: address });
const phone = (number = '+15550100001') => ({ type: 'PHONE_NUMBER', text: 'Call', phone_number: number });
const code = (example: unknown = 'SAVE20') => ({ type: 'COPY_CODE', example });
const offer = (text: string, length = 10) => ({
  components: [body(x(length)), { type: 'LIMITED_TIME_OFFER', limited_time_offer: { text, has_expiration: true } }],
});
const card = (text: string) => ({
  components: [
    { type: 'HEADER', format: 'IMAGE', example: { header_handle: ['4::a'] } },
    body(text),
    { type: 'BUTTONS', buttons: [reply()] },
  ],
});
const carousel = (...cards: object[]) => beside({ type: 'CAROUSEL', cards });
const lives = (category: string, message_send_ttl_seconds: unknown) => ({ category, message_send_ttl_seconds });

/** Each limit of a definition: what Meta takes, what is one too many, and the field that is named then. */
const LIMITS: [string, Json, Json, string][] = [
  ['name', { name: x(512) }, { name: x(513) }, 'name'],
  ['name, of small letters', { name: 'a_1' }, { name: 'Order' }, 'name'],
  ['language', {}, { language: undefined }, 'language'],
  ['category', { category: 'utility' }, { category: 'SERVICE' }, 'category'],
  ['parameter_format', { parameter_format: 'NAMED' }, { parameter_format: 'BOTH' }, 'parameter_format'],
  ['header', header(x(60)), header(x(61)), 'components[1].text'],
  ['variables of a header', header('Order {{1}}'), header('{{1}} and {{2}}'), 'components[1].text'],
  ['format of a header', header('x'), beside({ type: 'HEADER', format: 'AUDIO' }), 'components[1].format'],
  ['one header', header('x'), beside(...times(2, () => ({ type: 'HEADER', format: 'LOCATION' }))), 'components[2]'],
  ['body', { components: [body(x(1024))] }, { components: [body(x(1025))] }, 'components[0].text'],
  [
    'body, in characters',
    { components: [body('😀'.repeat(1024))] },
    { components: [body('😀'.repeat(1025))] },
    'components[0].text',
  ],
  [
    'first in a body',
    { components: [body('Dear {{1}}, hi')] },
    { components: [body('{{1}}, hi')] },
    'components[0].text',
  ],
  [
    'last in a body',
    { components: [body('Dear {{1}}.')] },
    { components: [body('Dear {{1}} ')] },
    'components[0].text',
  ],
  [
    'numbers of variables',
    { components: [body('a {{2}} {{1}} b')] },
    { components: [body('a {{1}} {{3}} b')] },
    'components[0].text',
  ],
  [
    'names of variables',
    { components: [body('a {{first_name}} b')] },
    { components: [body('a {{First}} b')] },
    'components[0].text',
  ],
  ['footer', footer({ text: x(60) }), footer({ text: x(61) }), 'components[1].text'],
  ['variables of a footer', footer({ text: 'x' }), footer({ text: 'a {{1}}' }), 'components[1].text'],
  [
    'life of a code',
    footer({ code_expiration_minutes: 90 }),
    footer({ code_expiration_minutes: 91 }),
    'components[1].code_expiration_minutes',
  ],
  ['buttons', buttons(...times(10, () => reply())), buttons(...times(11, () => reply())), 'components[1].buttons'],
  ['buttons with addresses', buttons(url(), url()), buttons(url(), url(), url()), 'components[1].buttons'],
  ['buttons that call', buttons(phone()), buttons(phone(), phone()), 'components[1].buttons'],
  ['buttons with codes', buttons(code()), buttons(code(), code()), 'components[1].buttons'],
  [
    'quick replies together',
    buttons(url(), reply(), reply()),
    buttons(reply(), url(), reply()),
    'components[1].buttons',
  ],
  ['label', buttons(reply(x(25))), buttons(reply(x(26))), 'components[1].buttons[0].text'],
  [
    'label of an address',
    buttons(url('https://a.example', x(25))),
    buttons(url('https://a.example', x(26))),
    'components[1].buttons[0].text',
  ],
  ['address', buttons(url(x(2000))), buttons(url(x(2001))), 'components[1].buttons[0].url'],
  [
    'variable of an address',
    buttons(url('https://a.example/{x}/{{1}}')),
    buttons(url('https://a.example/{{1}}/x')),
    'components[1].buttons[0].url',
  ],
  ['number', buttons(phone(x(20))), buttons(phone(x(21))), 'components[1].buttons[0].phone_number'],
  ['code', buttons(code(x(15))), buttons(code(x(16))), 'components[1].buttons[0].example'],
  ['code in a list', buttons(code([x(15)])), buttons(code([x(16)])), 'components[1].buttons[0].example'],
  [
    'kind of password',
    buttons({ type: 'OTP', otp_type: 'ONE_TAP' }),
    buttons({ type: 'OTP', otp_type: 'TWO_TAP' }),
    'components[1].buttons[0].otp_type',
  ],
  ['offer', offer(x(16)), offer(x(17)), 'components[1].limited_time_offer.text'],
  ['body of an offer', offer('x', 600), offer('x', 601), 'components[0].text'],
  ['cards', carousel(...times(10, () => card('x'))), carousel(...times(11, () => card('x'))), 'components[1].cards'],
  ['fewest cards', carousel(card('x'), card('y')), carousel(card('x')), 'components[1].cards'],
  [
    'body of a card',
    carousel(card(x(160)), card('x')),
    carousel(card(x(161)), card('x')),
    'components[1].cards[0].components[1].text',
  ],
  [
    'cards of one shape',
    carousel(card('x'), card('y')),
    carousel(card('x'), { components: [body('x')] }),
    'components[1].cards[1]',
  ],
  [
    'body beside a product',
    { components: [body(x(160)), { type: 'HEADER', format: 'PRODUCT' }] },
    { components: [body(x(161)), { type: 'HEADER', format: 'PRODUCT' }] },
    'components[0].text',
  ],
  ['seconds of a code', lives('AUTHENTICATION', 900), lives('AUTHENTICATION', 901), 'message_send_ttl_seconds'],
  ['seconds, at least', lives('AUTHENTICATION', 30), lives('AUTHENTICATION', 29), 'message_send_ttl_seconds'],
  ['seconds of utility', lives('UTILITY', 43_200), lives('UTILITY', 43_201), 'message_send_ttl_seconds'],
  ['seconds of marketing', lives('MARKETING', 2_592_000), lives('MARKETING', 2_592_001), 'message_send_ttl_seconds'],
  [
    'seconds of marketing, at least',
    lives('MARKETING', 43_200),
    lives('MARKETING', 43_199),
    'message_send_ttl_seconds',
  ],
  ['thirty days', lives('UTILITY', -1), lives('MARKETING', -1), 'message_send_ttl_seconds'],
];

describe('the definition of a template', () => {
  it.each(LIMITS)('%s', (_what, most, over, field) => {
    expect(problems(most)).toEqual([]);
    expect(fields(over)).toEqual([field]);
  });

  it('says the limit and what came', () => {
    expect(problems(offer('x', 601))[0]?.message).toBe(
      'components[0].text must be a text of at most 600 characters beside the other components; it is a text of 601 characters',
    );
    expect(problems(lives('UTILITY', 7))[0]?.message).toBe(
      'message_send_ttl_seconds must be 30 to 43200 s for the category, or -1 unless it is marketing; it is 7',
    );
  });

  it('may have what nobody knows', () => {
    const later = { type: 'CALL_PERMISSION_REQUEST', more: [0, '', false] };
    expect(fields({ ...beside(later), new_of_meta: {}, components: [BODY, later] })).toEqual([]);
    expect(fields({ components: undefined, library_template_name: 'delivery_update_1' })).toEqual([]);
    expect(
      fields({ category: 'AUTHENTICATION', components: [{ type: 'BODY', add_security_recommendation: true }] }),
    ).toEqual([]);
  });

  it('is edited in parts', () => {
    const edited = (changes: Json) => checkContent(changes, EditedDefinition, []).map(({ field }) => field);
    expect(edited({ message_send_ttl_seconds: 900 })).toEqual([]);
    expect(edited({ components: [body(x(1025))] })).toEqual(['components[0].text']);
    expect(edited({ message_send_ttl_seconds: 2_592_001 })).toEqual(['message_send_ttl_seconds']);
  });
});
