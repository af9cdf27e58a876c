import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { projectRoot } from '#config';
import { listFixtures, readFixture } from '#graph-api';
import { checkSend } from './check-send.js';
import type { Json, TemplateDefinition } from './definition.js';

interface Shipped {
  name: string;
  parameter_format: 'POSITIONAL' | 'NAMED';
  category: string;
  components: Json[];
}
const SHIPPED = JSON.parse(
  readFileSync(join(projectRoot(), 'apps/graph-simulator/src/templates.json'), 'utf8'),
) as Shipped[];
const definitionOf = (name: string): TemplateDefinition => {
  const found = SHIPPED.find((template) => template.name === name);
  if (found === undefined) throw new Error(`no template ${name}`);
  return { category: found.category, parameterFormat: found.parameter_format, components: found.components };
};

const FIXTURES = listFixtures('send')
  .map((file) => ({ file, template: (JSON.parse(readFixture('send', file)) as { template?: Json }).template }))
  .filter((fixture): fixture is { file: string; template: Json } => fixture.template !== undefined);
const fixture = (name: string) =>
  structuredClone(FIXTURES.find(({ template }) => template['name'] === name)?.template) as {
    components: {
      type: string;
      index?: unknown;
      sub_type?: string;
      parameters: Record<string, unknown>[];
      cards: { card_index: number; components: { parameters: unknown[] }[] }[];
    }[];
  };
const check = (name: string, template: object) =>
  checkSend(definitionOf(name), template as Json).map(({ code, message }) => [
    code.replace('template_parameter_', ''),
    message,
  ]);

describe('a send', () => {
  it.each(FIXTURES)('fits its template: $file', ({ template }) => {
    expect(checkSend(definitionOf(String(template['name'])), template)).toEqual([]);
  });

  it('fills the body: what is missing or too many is named', () => {
    const given = fixture('order_shipped');
    given.components[0]?.parameters.pop();
    expect(check('order_shipped', given)).toEqual([
      [
        'count',
        'components[0].parameters must be as many as the body has: 2 ({{1}}, {{2}}); there are 1: {{2}} is missing',
      ],
    ]);
    given.components[0]?.parameters.push({ type: 'text', text: 'a' }, { type: 'text', text: 'b' });
    expect(check('order_shipped', given)).toEqual([
      [
        'count',
        'components[0].parameters must be as many as the body has: 2 ({{1}}, {{2}}); there are 3: 1 is too many',
      ],
    ]);
    expect(check('order_shipped', {})).toEqual([
      ['count', 'components must fill {{1}}, {{2}} of the body; a component for it is missing'],
    ]);
    expect(
      check('hello_customer', { components: [{ type: 'BODY', parameters: [{ type: 'text', text: 'a' }] }] }),
    ).toEqual([
      ['count', 'components[0].parameters must be as many as the body has: none; there are 1: 1 is too many'],
    ]);
  });

  it('fills named parameters by name, in any order', () => {
    const header = { type: 'header', parameters: [{ type: 'text', parameter_name: 'order_id', text: '1' }] };
    const body = (...names: (string | undefined)[]) => ({
      components: [
        { type: 'body', parameters: names.map((parameter_name) => ({ type: 'text', parameter_name, text: 'x' })) },
        header,
      ],
    });
    expect(check('order_shipped_named', body('eta', 'first_name'))).toEqual([]);
    expect(check('order_shipped_named', body('eta'))).toEqual([
      ['count', 'components[0].parameters must fill the body: first_name is missing'],
    ]);
    expect(check('order_shipped_named', body('eta', undefined))).toEqual([
      [
        'format',
        'components[0].parameters[1].parameter_name must be one of first_name, eta: this template has named parameters',
      ],
      ['count', 'components[0].parameters must fill the body: first_name is missing'],
    ]);
    expect(check('order_shipped_named', body('eta', 'first_name', 'last_name', 'eta'))).toEqual([
      [
        'count',
        'components[0].parameters[2].parameter_name must be one of first_name, eta: the body has no such variable',
      ],
      ['count', 'components[0].parameters[3].parameter_name comes a second time'],
    ]);
  });

  it('shows the kind of header that the template has', () => {
    const other = fixture('with_image');
    Object.assign(other.components[0]?.parameters[0] ?? {}, { type: 'video' });
    expect(check('with_image', other)).toEqual([
      ['format', 'components[0].parameters[0].type must be image here, as the template has it'],
    ]);
    expect(check('with_image', { components: fixture('with_image').components.slice(1) })).toEqual([
      ['count', 'components must have a header with the image that the template shows'],
    ]);
    expect(
      check('order_shipped', {
        components: [...fixture('order_shipped').components, { type: 'header', parameters: [] }],
      }),
    ).toEqual([['count', 'components[1] must not be there: the template has no header']]);
  });

  it('fills the buttons that have a variable, by their place', () => {
    const reminder = () => fixture('reminder');
    const without = { components: reminder().components.filter(({ sub_type }) => sub_type !== 'url') };
    expect(check('reminder', without)).toEqual([
      ['count', 'components must have a button of sub_type url and index 2; it is missing'],
    ]);
    const moved = reminder();
    Object.assign(moved.components.find(({ sub_type }) => sub_type === 'url') ?? {}, { index: 7 });
    expect(check('reminder', moved)).toEqual([
      ['count', 'components must have a button of sub_type url and index 2; it is missing'],
      ['count', expect.stringMatching(/^components\[\d\]\.index must name one of the template's 3 buttons, from 0$/)],
    ]);
    const confused = reminder();
    Object.assign(confused.components.find(({ sub_type }) => sub_type === 'url') ?? {}, { sub_type: 'quick_reply' });
    expect(check('reminder', confused)).toEqual([
      ['format', expect.stringMatching(/^components\[\d\]\.sub_type must be url: button 2 of the template is url$/)],
    ]);
  });

  it('has the offer and the cards of the template', () => {
    const flash = fixture('flash_sale');
    expect(
      check('flash_sale', { components: flash.components.filter(({ type }) => type !== 'limited_time_offer') }),
    ).toEqual([['count', 'components must have a limited_time_offer: the offer of the template has an end']]);
    const carousel = fixture('autumn_carousel');
    const cards = carousel.components.find(({ type }) => type === 'carousel')?.cards;
    const count = cards?.length ?? 0;
    cards?.pop();
    expect(check('autumn_carousel', carousel)).toEqual([
      [
        'count',
        expect.stringMatching(new RegExp(`cards must be ${count}, as the template has; there are ${count - 1}$`)),
      ],
    ]);
    const products = fixture('product_carousel');
    const more = products.components.find(({ type }) => type === 'carousel')?.cards;
    more?.push({ ...structuredClone(more[0]), card_index: more.length } as never);
    expect(check('product_carousel', products)).toEqual([]);
    const bare = fixture('autumn_carousel');
    bare.components.find(({ type }) => type === 'carousel')?.cards[1]?.components.splice(0, 1);
    expect(check('autumn_carousel', bare)).toEqual([
      ['count', expect.stringContaining('must have a header with the image')],
    ]);
  });

  it('has a one-time password in the body and in the button', () => {
    const code = fixture('login_code');
    expect(code.components.map(({ type }) => type)).toEqual(['body', 'button']);
    Object.assign(code.components[1]?.parameters[0] ?? {}, { text: '000000' });
    expect(check('login_code', code)).toEqual([
      ['format', 'components[1].parameters[0].text must be the same code as in the body'],
    ]);
    for (const { parameters } of code.components) Object.assign(parameters[0] ?? {}, { text: 'x'.repeat(16) });
    expect(check('login_code', code)).toEqual([
      ['format', 'components[0].parameters[0].text must be a code of at most 15 characters'],
    ]);
  });

  it('fits whatever of Meta’s we do not know', () => {
    const components = [
      { type: 'BODY', text: 'Hi' },
      { type: 'BUTTONS', buttons: [{ type: 'NEW_OF_META' }] },
    ];
    const definition: TemplateDefinition = { category: 'UTILITY', parameterFormat: 'POSITIONAL', components };
    const sent = { components: [{ type: 'button', sub_type: 'new', index: 0, parameters: [{ type: 'x' }] }] };
    expect(checkSend(definition, sent)).toEqual([]);
  });
});
