import { describe, expect, it } from '@jest/globals';
import { listFixtures, readFixture } from './fixtures.js';
import { TemplateCatalog } from './template-catalog.js';

interface TemplateSend {
  template?: { name: string; language: { code: string }; components?: { type: string; parameters?: object[] }[] };
}

interface Definition {
  type: string;
  text?: string;
}

const sends = listFixtures('send')
  .map((file) => ({ file, template: readFixture<TemplateSend>(`send/${file}`).template }))
  .flatMap(({ file, template }) => (template === undefined ? [] : [{ file, template }]));

describe('TemplateCatalog', () => {
  it.each(sends)('has the approved template of $file, with as many variables', ({ template }) => {
    const found = new TemplateCatalog().find(template.name, template.language.code);
    expect(found?.status).toBe('APPROVED');
    const definitions = found?.components as Definition[];
    for (const { type, parameters = [] } of template.components ?? []) {
      if (type !== 'body') continue;
      const text = definitions.find((definition) => definition.type === 'BODY')?.text ?? '';
      expect(new Set(text.match(/{{\w+}}/g)).size).toBe(parameters.length);
    }
    const kinds = definitions.map((definition) => (definition.type === 'BUTTONS' ? 'BUTTON' : definition.type));
    expect(kinds).toEqual(expect.arrayContaining((template.components ?? []).map(({ type }) => type.toUpperCase())));
  });

  it('lists templates in the recorded shape, each with an id of its own', () => {
    const recorded = readFixture<{ data: object[] }>('graph/template_list.json').data[0] ?? {};
    const templates = new TemplateCatalog().all();
    for (const template of templates) expect(Object.keys(template).sort()).toEqual(Object.keys(recorded).sort());
    expect(new Set(templates.map(({ id }) => id)).size).toBe(templates.length);
    expect(templates).toContainEqual(recorded);
  });

  it('changes and adds templates, and goes back to the shipped ones', () => {
    const catalog = new TemplateCatalog();
    catalog.put({ name: 'order_shipped', language: 'en_US', status: 'PAUSED' });
    catalog.put({ name: 'brand_new', language: 'de' });
    expect(catalog.find('order_shipped', 'en_US')).toMatchObject({ status: 'PAUSED', category: 'UTILITY' });
    expect(catalog.find('brand_new', 'de')?.status).toBe('APPROVED');
    catalog.clear();
    expect(catalog.find('brand_new', 'de')).toBeUndefined();
    expect(catalog.find('order_shipped', 'en_US')?.status).toBe('APPROVED');
  });
});
