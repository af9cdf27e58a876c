import { describe, expect, it } from '@jest/globals';
import { listFixtures, type MetaMessage, readFixture } from '#graph-api';
import { checkMessage } from './check-message.js';

type Path = readonly (string | number)[];

const fixture = (name: string) => JSON.parse(readFixture('send', `${name}.json`)) as MetaMessage;
const MESSAGES = listFixtures('send').filter((file) => !file.startsWith('mark_read'));

/** A fixture with one value in another's place; undefined takes it out. */
function broken(name: string, path: Path, value: unknown): MetaMessage {
  const message = fixture(name);
  let at = message as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) at = at[key] as Record<string | number, unknown>;
  const last = path.at(-1) ?? '';
  if (value === undefined) Reflect.deleteProperty(at, last);
  else at[last] = value;
  return message;
}

const fieldOf = (path: Path) =>
  path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`))
    .join('')
    .slice(1);
const fields = (message: MetaMessage) => checkMessage(message).map(({ field }) => field);
const x = (length: number) => 'x'.repeat(length);
const aHeader = (length: number) => ({ type: 'text', text: x(length) });
const times = <T>(length: number, make: (index: number) => T) => Array.from({ length }, (_none, index) => make(index));

describe('every message of the Cloud API', () => {
  it.each(MESSAGES)('%s is one', (file) => {
    const message = JSON.parse(readFixture('send', file)) as MetaMessage;
    expect(checkMessage(message)).toEqual([]);
    expect(message).toEqual(JSON.parse(readFixture('send', file)));
  });
});

const INTERACTIVE = ['interactive'] as const;
const ACTION = ['interactive', 'action'] as const;
const COMPONENT = ['template', 'components'] as const;
const CARDS = [...ACTION, 'cards'] as const;

/** Each limit: fixture, field, the longest or largest value that it may have, the first that it may not, and the field that is named if it is another. */
const LIMITS: [string, Path, unknown, unknown, string?][] = [
  ['text', ['text', 'body'], x(4096), x(4097)],
  ['text', ['text', 'body'], 'x', ''],
  ['text', ['text', 'body'], '😀'.repeat(4096), '😀'.repeat(4097)],
  ['image_id', ['image', 'caption'], x(1024), x(1025)],
  ['video_id', ['video', 'caption'], x(1024), x(1025)],
  ['document_id', ['document', 'caption'], x(1024), x(1025)],
  ['location', ['location', 'latitude'], 90, 90.5],
  ['location', ['location', 'latitude'], '-90', '-90.5'],
  ['location', ['location', 'longitude'], 180, 180.1],
  ['interactive_button', [...INTERACTIVE, 'body', 'text'], x(1024), x(1025)],
  ['interactive_button', [...INTERACTIVE, 'footer', 'text'], x(60), x(61)],
  ['interactive_button', [...INTERACTIVE, 'header', 'text'], x(60), x(61)],
  ['interactive_button', [...ACTION, 'buttons', 0, 'reply', 'id'], x(256), x(257)],
  ['interactive_button', [...ACTION, 'buttons', 1, 'reply', 'title'], x(20), x(21)],
  ['interactive_list', [...INTERACTIVE, 'body', 'text'], x(4096), x(4097)],
  ['interactive_list', [...ACTION, 'button'], x(20), x(21)],
  ['interactive_list', [...ACTION, 'sections', 0, 'title'], x(24), x(25)],
  ['interactive_list', [...ACTION, 'sections', 0, 'rows', 1, 'id'], x(200), x(201)],
  ['interactive_list', [...ACTION, 'sections', 0, 'rows', 1, 'title'], x(24), x(25)],
  ['interactive_list', [...ACTION, 'sections', 0, 'rows', 1, 'description'], x(72), x(73)],
  ['interactive_cta_url', [...ACTION, 'parameters', 'display_text'], x(20), x(21)],
  ['interactive_flow_navigate', [...ACTION, 'parameters', 'flow_cta'], x(20), x(21)],
  ['interactive_product_list', [...ACTION, 'sections', 1, 'title'], x(24), x(25)],
  ['interactive_carousel_url', [...CARDS, 1, 'body', 'text'], x(160), x(161)],
  ['interactive_carousel_url', [...CARDS, 1, 'body', 'text'], 'a\nb\nc', 'a\nb\nc\nd'],
  ['interactive_carousel_url', [...CARDS, 2, 'action', 'parameters', 'display_text'], x(20), x(21)],
  ['interactive_carousel_quick_reply', [...CARDS, 0, 'action', 'buttons', 0, 'quick_reply', 'id'], x(20), x(21)],
  ['interactive_carousel_quick_reply', [...CARDS, 0, 'action', 'buttons', 0, 'quick_reply', 'title'], x(20), x(21)],
  ['interactive_voice_call', [...ACTION, 'parameters', 'display_text'], x(20), x(21)],
  ['interactive_voice_call', [...ACTION, 'parameters', 'payload'], x(512), x(513)],
  ['interactive_voice_call', [...INTERACTIVE, 'header'], aHeader(60), aHeader(61), 'interactive.header.text'],
  [
    'interactive_call_permission_request',
    [...INTERACTIVE, 'header'],
    aHeader(60),
    aHeader(61),
    'interactive.header.text',
  ],
  ['interactive_request_contact_info', [...INTERACTIVE, 'header'], aHeader(60), aHeader(61), 'interactive.header.text'],
  ['template_no_parameters', ['template', 'name'], x(512), x(513)],
  ['template_coupon_copy_code', [...COMPONENT, 1, 'parameters', 0, 'coupon_code'], x(15), x(16)],
  ['template_mpm', [...COMPONENT, 0, 'parameters', 0, 'action', 'sections', 0, 'title'], x(24), x(25)],
  ['template_buttons_quick_reply_url', [...COMPONENT, 3, 'index'], 9, 10],
  ['template_buttons_quick_reply_url', [...COMPONENT, 3, 'index'], '9', '10'],
];

/** Each limit of how many: the list, how many it may have, and one item. */
const COUNTS: [string, Path, number, (index: number) => unknown, Path?][] = [
  ['contacts', ['contacts'], 257, () => ({ name: { formatted_name: 'A', first_name: 'A' } })],
  ['interactive_button', [...ACTION, 'buttons'], 3, (i) => ({ type: 'reply', reply: { id: `b${i}`, title: `B${i}` } })],
  ['interactive_list', [...ACTION, 'sections'], 10, (i) => ({ title: 't', rows: [{ id: `r${i}`, title: 'R' }] })],
  [
    'interactive_list',
    [...ACTION, 'sections', 0, 'rows'],
    9,
    (i) => ({ id: `r${i}`, title: 'R' }),
    [...ACTION, 'sections'],
  ],
  ['interactive_product_list', [...ACTION, 'sections'], 10, () => ({ title: 't', product_items: [product(0)] })],
  ['interactive_product_list', [...ACTION, 'sections', 0, 'product_items'], 29, product, [...ACTION, 'sections']],
  [
    'interactive_carousel_product',
    CARDS,
    10,
    (i) => ({ card_index: i, type: 'product', action: { ...product(i), catalog_id: 7 } }),
  ],
  [
    'template_mpm',
    [...COMPONENT, 0, 'parameters', 0, 'action', 'sections'],
    10,
    () => ({ title: 't', product_items: [product(0)] }),
  ],
  [
    'template_mpm',
    [...COMPONENT, 0, 'parameters', 0, 'action', 'sections', 0, 'product_items'],
    30,
    product,
    [...COMPONENT, 0, 'parameters', 0, 'action', 'sections'],
  ],
  [
    'template_carousel_product',
    [...COMPONENT, 0, 'cards'],
    10,
    (i) => ({ card_index: i, components: [{ type: 'body', parameters: [] }] }),
  ],
];

function product(index: number) {
  return { product_retailer_id: `sku-${index}` };
}

describe('a limit', () => {
  it.each(LIMITS.map(([name, path, most, over, said]) => [name, said ?? fieldOf(path), path, most, over] as const))(
    '%s: %s',
    (name, field, path, most, over) => {
      expect(fields(broken(name, path, most))).toEqual([]);
      expect(fields(broken(name, path, over))).toEqual([field]);
    },
  );

  it.each(
    COUNTS.map(([name, path, most, make, said = path]) => [name, fieldOf(path), path, most, make, said] as const),
  )('of how many, %s: %s', (name, _field, path, most, make, said) => {
    expect(fields(broken(name, path, times(most, make)))).toEqual([]);
    expect(fields(broken(name, path, times(most + 1, make)))).toEqual([fieldOf(said)]);
  });

  it('is named with its field and what came', () => {
    const [problem] = checkMessage(broken('interactive_button', [...ACTION, 'buttons', 2, 'reply', 'title'], x(21)));
    expect(problem).toEqual({
      field: 'interactive.action.buttons[2].reply.title',
      code: 'text',
      message:
        'interactive.action.buttons[2].reply.title must be a text of 1 to 20 characters; it is a text of 21 characters',
    });
    const [range] = checkMessage(broken('location', ['location', 'latitude'], 91));
    expect(range?.message).toBe('location.latitude must be degrees from -90 to 90; it is 91');
    const [total] = checkMessage(
      broken(
        'interactive_list',
        [...ACTION, 'sections', 1, 'rows'],
        times(9, (i) => ({ id: `r${i}`, title: 'R' })),
      ),
    );
    expect(total?.message).toContain('must have at most 10 rows together, and has 11');
  });
});

it.each(['2000-02-29', '2024-02-29', '1999-12-31', '0001-01-01'])('takes %s as a birthday', (day) => {
  expect(checkMessage(broken('contacts', ['contacts', 0, 'birthday'], day))).toEqual([]);
});

/** Each fixture broken in one place; the field is the place unless another is named. */
const BROKEN: [string, Path, unknown, string?][] = [
  ['audio_id', ['audio', 'id'], undefined, 'audio'],
  ['audio_voice', ['audio', 'voice'], 'yes'],
  ['audio_id', ['audio', 'caption'], 'x'],
  ['contacts', ['contacts', 0, 'name', 'formatted_name'], undefined],
  ['contacts', ['contacts', 0, 'name'], { formatted_name: 'A' }],
  ['contacts', ['contacts', 0, 'birthday'], '2000-02-30'],
  ['contacts', ['contacts', 0, 'birthday'], '1900-02-29'],
  ['contacts', ['contacts', 0, 'birthday'], '2000-04-31'],
  ['contacts', ['contacts', 0, 'birthday'], '2000-13-01'],
  ['contacts', ['contacts', 0, 'phones', 0, 'phone'], 7],
  ['contacts', ['contacts', 0, 'addresses', 0, 'zip'], 90000],
  ['contacts', ['contacts', 0, 'urls'], 'x'],
  ['contacts', ['contacts', 0, 'emails', 0], 'x'],
  ['contacts', ['contacts', 0, 'org'], []],
  ['contacts', ['contacts'], {}],
  ['contacts', ['contacts'], '{'],
  ['contacts', ['contacts'], '[{"name":{"formatted_name":"\\u0000"}}]', 'contacts[0].name.formatted_name'],
  ['contacts', ['contacts'], '[{"name":{"formatted_name":"\\ud800"}}]', 'contacts[0].name.formatted_name'],
  ['contacts', ['contacts'], '['.repeat(40) + ']'.repeat(40)],
  ['contacts', ['contacts'], []],
  ['document_id', ['document', 'filename'], 7],
  ['document_link', ['document', 'link'], 'ftp://a.example/b'],
  ['group_pin', ['pin', 'type'], 'glue'],
  ['group_pin', ['pin', 'message_id'], undefined],
  ['group_pin', ['pin', 'expiration_days'], 0],
  ['image_id', ['image', 'link'], 'https://a.example/b.jpg', 'image'],
  ['image_link', ['image', 'link'], 'here'],
  ['interactive_address', [...ACTION, 'parameters', 'country'], 'DE'],
  ['interactive_address', [...ACTION, 'parameters', 'saved_addresses'], {}],
  ['interactive_button', [...INTERACTIVE, 'type'], 'hologram'],
  ['interactive_button', [...INTERACTIVE, 'header', 'type'], 'audio'],
  ['interactive_button', [...INTERACTIVE, 'header', 'type'], 'constructor'],
  ['interactive_button', [...ACTION, 'buttons', 1, 'type'], 'url'],
  ['interactive_button', [...ACTION, 'buttons', 1, 'reply', 'id'], 'deliver_yes'],
  ['interactive_button', [...ACTION, 'buttons', 2, 'reply', 'title'], 'Yes'],
  ['interactive_button', [...ACTION, 'buttons'], []],
  ['interactive_button_image', [...INTERACTIVE, 'header', 'image'], {}],
  ['interactive_call_permission_request', [...ACTION, 'name'], 'call'],
  ['interactive_carousel_product', [...CARDS, 1, 'action', 'catalog_id'], 'other'],
  ['interactive_carousel_product', [...CARDS, 1, 'card_index'], 2],
  ['interactive_carousel_product', [...INTERACTIVE, 'footer'], { text: 'x' }],
  ['interactive_carousel_quick_reply', [...CARDS, 1, 'action', 'buttons'], [], undefined],
  ['interactive_carousel_quick_reply', [...CARDS, 0, 'header', 'type'], 'document'],
  ['interactive_carousel_url', [...CARDS, 1, 'type'], undefined],
  ['interactive_carousel_url', CARDS, [], undefined],
  ['interactive_carousel_url', [...INTERACTIVE, 'header'], { type: 'text', text: 'x' }],
  ['interactive_catalog', [...ACTION, 'name'], undefined],
  ['interactive_cta_url', [...ACTION, 'parameters', 'url'], 'example'],
  ['interactive_flow_data_exchange', [...ACTION, 'parameters', 'flow_id'], '1', 'interactive.action.parameters'],
  ['interactive_flow_navigate', [...ACTION, 'parameters', 'flow_message_version'], '2'],
  ['interactive_flow_navigate', [...ACTION, 'parameters', 'mode'], 'live'],
  ['interactive_flow_navigate', [...ACTION, 'parameters', 'flow_action'], 'jump'],
  ['interactive_flow_navigate', [...ACTION, 'parameters', 'flow_cta'], 'Go 🚀'],
  ['interactive_list', [...ACTION, 'sections', 1, 'title'], undefined],
  ['interactive_list', [...ACTION, 'sections', 1, 'rows', 0, 'id'], 'mon_am'],
  ['interactive_list', [...INTERACTIVE, 'header', 'type'], 'image'],
  ['interactive_location_request', [...INTERACTIVE, 'body'], undefined],
  ['interactive_location_request', [...INTERACTIVE, 'header'], { type: 'text', text: 'x' }],
  ['interactive_order_details', [...ACTION, 'name'], 'pay'],
  ['interactive_order_details', [...ACTION, 'parameters', 'total_amount', 'value'], '5000'],
  ['interactive_order_details', [...ACTION, 'parameters', 'order', 'items', 0, 'quantity'], 0],
  ['interactive_order_status', [...ACTION, 'parameters', 'order', 'status'], undefined],
  ['interactive_product', [...INTERACTIVE, 'header'], { type: 'text', text: 'x' }],
  ['interactive_product', [...ACTION, 'catalog_id'], undefined],
  ['interactive_product_list', [...INTERACTIVE, 'header'], undefined],
  ['interactive_product_list', [...ACTION, 'sections', 0, 'title'], undefined],
  ['interactive_request_contact_info', [...ACTION, 'name'], 'ask'],
  ['interactive_voice_call', [...ACTION, 'parameters', 'ttl_minutes'], 0],
  ['location', ['location', 'longitude'], 'east'],
  ['location', ['location', 'latitude'], undefined],
  ['marketing_messages', ['template', 'name'], 'Autumn Sale'],
  ['reaction', ['reaction', 'message_id'], ''],
  ['reaction_remove', ['reaction', 'emoji'], undefined],
  ['sticker_id', ['sticker', 'caption'], 'x'],
  ['template_authentication_otp', [...COMPONENT, 1, 'parameters'], []],
  ['template_authentication_otp', [...COMPONENT, 1, 'sub_type'], 'hologram'],
  ['template_body_named', [...COMPONENT, 1, 'parameters', 0, 'parameter_name'], 7],
  ['template_body_positional', [...COMPONENT, 0, 'parameters', 1, 'text'], undefined],
  ['template_body_positional', [...COMPONENT, 0, 'parameters', 1, 'type'], 'image'],
  ['template_body_positional', [...COMPONENT, 0, 'type'], 'foot'],
  ['template_buttons_quick_reply_url', [...COMPONENT, 2, 'index'], '0', 'template.components[2]'],
  ['template_buttons_quick_reply_url', [...COMPONENT, 1, 'index'], undefined],
  ['template_callback_data', ['template', 'language', 'code'], undefined],
  ['template_carousel_media', [...COMPONENT, 1, 'cards', 1, 'card_index'], 0],
  ['template_carousel_media', [...COMPONENT, 1, 'cards', 1, 'components', 0, 'parameters', 0, 'image'], {}],
  ['template_carousel_product', [...COMPONENT, 0, 'cards', 0, 'components'], []],
  ['template_catalog', [...COMPONENT, 1, 'parameters', 0, 'action'], undefined],
  ['template_coupon_copy_code', [...COMPONENT, 1, 'parameters', 0, 'type'], 'text'],
  ['template_flow', [...COMPONENT, 1, 'parameters', 0, 'action', 'flow_action_data'], 'x'],
  [
    'template_header_document',
    [...COMPONENT, 0, 'parameters', 0, 'document', 'link'],
    undefined,
    'template.components[0].parameters[0].document',
  ],
  ['template_header_image', [...COMPONENT, 0, 'parameters'], []],
  ['template_header_location', [...COMPONENT, 0, 'parameters', 0, 'location', 'latitude'], 'north'],
  ['template_header_video', [...COMPONENT, 0, 'parameters', 0, 'video'], 'x'],
  ['template_legacy_currency_datetime', [...COMPONENT, 0, 'parameters', 0, 'currency', 'amount_1000'], '12340'],
  ['template_legacy_currency_datetime', [...COMPONENT, 0, 'parameters', 1, 'date_time', 'fallback_value'], ''],
  [
    'template_limited_time_offer',
    [...COMPONENT, 2, 'parameters', 0, 'limited_time_offer', 'expiration_time_ms'],
    'soon',
  ],
  ['template_mpm', [...COMPONENT, 0, 'parameters', 0, 'action', 'sections', 0, 'product_items'], []],
  ['template_no_parameters', ['template', 'language'], undefined],
  ['template_order_details', [...COMPONENT, 0, 'parameters', 0, 'action', 'order_details', 'currency'], undefined],
  ['template_spm', [...COMPONENT, 0, 'parameters', 0, 'product', 'catalog_id'], undefined],
  ['text', ['text'], undefined],
  ['text', ['text'], 'hello'],
  ['text', ['text', 'body'], undefined],
  ['text', ['text', 'body'], 7],
  ['text', ['text', 'markdown'], '*x*', 'text'],
  ['text_bsuid', ['text'], []],
  ['text_callback_data', ['text', 'body'], null],
  ['text_formatting', ['text', 'preview_url'], 'no'],
  ['text_group', ['text'], null],
  ['text_phone_and_bsuid', ['text', 'body'], ['x']],
  ['text_preview_url', ['text', 'preview_url'], 1],
  ['text_reply_context', ['context', 'message_id'], undefined],
  ['text_reply_context', ['context'], 'wamid'],
  ['video_id', ['video', 'id'], ''],
];

describe('broken in one place', () => {
  it.each(BROKEN.map(([name, path, value, said]) => [name, said ?? fieldOf(path), path, value] as const))(
    '%s: %s',
    (name, field, path, value) => expect(fields(broken(name, path, value))[0]).toBe(field),
  );

  it('is tried with every fixture', () => {
    const tried = new Set(BROKEN.map(([name]) => `${name}.json`));
    expect(MESSAGES.filter((file) => !tried.has(file))).toEqual([]);
  });
});

/** A message with every `type` and `sub_type` of its components and their parameters in capitals. */
function inCapitals(message: MetaMessage): MetaMessage {
  const { template, ...rest } = message;
  const kinds = ['type', 'sub_type'];
  return {
    ...rest,
    template: JSON.parse(JSON.stringify(template), (name, value: unknown) =>
      kinds.includes(name) && typeof value === 'string' ? value.toUpperCase() : value,
    ) as unknown,
  };
}

describe('the components of a template', () => {
  const order = { reference_id: 'o1', order: { status: 'shipped' } };
  const withStatus = (order_status: unknown) => ({
    type: 'template',
    template: {
      name: 'a',
      language: { code: 'en' },
      components: [{ type: 'order_status', parameters: [{ type: 'order_status', order_status }] }],
    },
  });

  // The details of an order have a `type` of their own, which is no kind of parameter.
  it.each(MESSAGES.filter((file) => file.startsWith('template') && file !== 'template_order_details.json'))(
    '%s may name its kinds in capitals',
    (file) => {
      const message = inCapitals(JSON.parse(readFixture('send', file)) as MetaMessage);
      expect(checkMessage(message)).toEqual([]);
    },
  );

  it('may tell what became of an order', () => {
    expect(checkMessage(withStatus(order))).toEqual([]);
    const at = 'template.components[0].parameters[0].order_status';
    expect(fields(withStatus({ ...order, reference_id: '' }))).toEqual([`${at}.reference_id`]);
    expect(fields(withStatus({ ...order, order: {} }))).toEqual([`${at}.order.status`]);
  });
});

describe('what is taken as it comes', () => {
  it.each([
    ['zero degrees', { type: 'location', location: { latitude: 0, longitude: 0 } }],
    ['an empty caption', { type: 'image', image: { id: 7, caption: '' } }],
    ['null for nothing', { type: 'image', image: { id: '7', link: null, caption: null }, context: null }],
    ['members that nobody knows', { type: 'text', text: { body: 'x', toString: 1, new_of_meta: {} }, more: [] }],
    ['contacts as a text', { type: 'contacts', contacts: '[{"name":{"formatted_name":"A","first_name":"A"}}]' }],
    ['a type that nobody knows, which another rule refuses', { type: 'hologram' }],
    ['Markdown', { type: 'text', text: { markdown: `**${x(4090)}**` } }],
  ])('%s', (_what, message) => expect(checkMessage(message)).toEqual([]));

  it('Markdown, as far as its rendering is a text', () => {
    expect(fields({ type: 'text', text: { markdown: `**${x(4095)}**` } })).toEqual(['text.markdown']);
    expect(fields({ type: 'text', text: { markdown: ' \n' } })).toEqual(['text.markdown']);
    expect(checkMessage({ type: 'text', text: { markdown: `**${x(4095)}**` } })[0]?.message).toContain('4096');
    // Half a second to parse, if anybody did.
    const [problem] = checkMessage({ type: 'text', text: { markdown: '_a_b'.repeat(8_000) } });
    expect(problem?.message).toBe(
      'text.markdown must be a text of 1 to 8192 characters; it is a text of 32000 characters',
    );
  });

  it('says at most twenty things at once', () => {
    expect(checkMessage({ type: 'contacts', contacts: times(257, () => ({})) })).toHaveLength(20);
  });
});
