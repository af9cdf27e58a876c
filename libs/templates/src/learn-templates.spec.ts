import { describe, expect, it } from '@jest/globals';
import { type OtherItem, readFixture, splitNotification } from '#graph-api';
import { readTemplateNotice } from './learn-templates.js';

const receivedAt = new Date('2026-12-01T00:00:00Z');
const read = (file: string) =>
  readTemplateNotice({ item: splitNotification(readFixture('webhooks', file))[0] as OtherItem, receivedAt });
const NOTHING = { status: null, category: null, quality: null, isRewritten: false };

describe('a webhook about a template', () => {
  it.each([
    ['template_status_approved.json', { ...NOTHING, status: 'APPROVED', category: 'UTILITY' }],
    ['template_status_paused.json', { ...NOTHING, status: 'PAUSED', category: 'MARKETING' }],
    ['template_status_disabled.json', { ...NOTHING, status: 'DISABLED', category: 'MARKETING' }],
    ['template_status_rejected.json', { ...NOTHING, status: 'REJECTED', category: 'MARKETING' }],
    ['template_status_pending_deletion.json', { ...NOTHING, status: 'PENDING_DELETION', category: 'UTILITY' }],
    ['template_quality.json', { ...NOTHING, quality: 'YELLOW' }],
    ['template_components.json', { ...NOTHING, isRewritten: true }],
    ['template_category_done.json', { ...NOTHING, category: 'MARKETING' }],
    ['template_category_impending.json', NOTHING],
  ])('%s', (file, facts) => {
    expect(read(file)).toMatchObject({
      wabaId: '900000000000001',
      name: 'order_shipped',
      language: 'en_US',
      metaId: '400000000000001',
      at: new Date(1_790_856_000_000),
      ...facts,
    });
  });

  it('that names none tells nothing', () => {
    const item = { kind: 'other', field: 'template_category_update', wabaId: '1', time: null, raw: null } as never;
    expect(readTemplateNotice({ item, receivedAt })).toBeNull();
  });
});
