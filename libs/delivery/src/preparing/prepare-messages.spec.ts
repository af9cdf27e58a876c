import { describe, expect, it } from '@jest/globals';
import type { FetchLinksService, SendableMediaService } from '#media';
import { Logger } from '#observability';
import type { Database } from '#persistence';
import { MarketingRuleService } from './marketing-rule.service.js';
import { type ClaimFacts, PrepareMessagesService } from './prepare-messages.service.js';
import type { ClaimedMessage } from '../queries/claim-due-messages.query.js';
import type { TargetsService } from '../targets/targets.service.js';
import type { TemplateRuleService, TemplateVerdicts } from './template-rule.service.js';
import { unsendable } from './unsendable.js';
import type { WindowRuleService } from './window-rule.service.js';

const aMessage = (overrides: Partial<ClaimedMessage> = {}): ClaimedMessage => ({
  ...{
    messageId: 'm1',
    clientId: 'c1',
    phoneNumberId: '800',
    recipient: '15550100001',
    recipientKind: 'phone',
    api: 'messages',
  },
  ...{ fence: '1', attemptNo: 1, burned: 0, notSent: 0, usesFallback: false, category: null, categorySource: null },
  ...{ content: { type: 'text' }, windowFallback: null, windowPolicy: 'enforce', mediaMode: null },
  ...overrides,
});

/** What stands in the tables: who wants no marketing; null: they cannot be read. Counts what is asked. */
function tables(suppressed: string[] | null) {
  const asked: unknown[][] = [];
  const query = (_statement: unknown, values: unknown[]) => {
    asked.push(values);
    if (suppressed === null) return Promise.reject(new Error('the connection is lost'));
    return Promise.resolve(suppressed.map((recipient) => ({ phoneNumberId: '800', recipient })));
  };
  return { asked, rule: new MarketingRuleService({ query } as unknown as Database, Logger.create('silent')) };
}

function preparing(rule: MarketingRuleService, verdicts: TemplateVerdicts = new Map()) {
  const calls = { windows: 0 };
  const closedAmong = () => {
    calls.windows += 1;
    return Promise.resolve(new Set());
  };
  const service = new PrepareMessagesService(
    { closedAmong } as unknown as WindowRuleService,
    rule,
    { verdicts: () => Promise.resolve(verdicts) } as unknown as TemplateRuleService,
    {
      find: () => Promise.resolve(new Map()),
      prepare: ({ content }: ClaimedMessage) => Promise.resolve({ kind: 'ready', content }),
    } as unknown as SendableMediaService,
    {} as FetchLinksService,
    {
      find: () => Promise.resolve(new Map()),
      name: ({ content }: ClaimedMessage) => ({ kind: 'ready', content }),
    } as unknown as TargetsService,
  );
  return { service, calls };
}
const optedOut = (...ids: string[]) => ({ ids: new Set(ids), unknown: new Set<string>() });

const FACTS: ClaimFacts = {
  closed: new Set(),
  optedOut: { ids: new Set(), unknown: new Set() },
  files: new Map(),
  targets: new Map(),
  templates: new Map(),
};

describe('what is known of claimed messages', () => {
  it('is read once for claims that ask together', async () => {
    const { service, calls } = preparing(tables([]).rule);
    await Promise.all([service.facts([aMessage()]), service.facts([aMessage({ messageId: 'm2' })])]);
    expect(calls.windows).toBe(1);
  });

  it('asks for choices of marketing only, of its own or of its fallback', async () => {
    const { rule, asked } = tables(['15550100001']);
    const fallback = aMessage({ usesFallback: true });
    expect(await rule.optedOutAmong([aMessage(), fallback], new Map())).toEqual(optedOut());
    expect(asked).toEqual([]);
    const asMarketing = new Map([['m1', { verdict: 'fine' as const, category: 'MARKETING' }]]);
    expect(await rule.optedOutAmong([fallback], asMarketing)).toEqual(optedOut('m1'));
    expect(await rule.optedOutAmong([fallback], 'unreadable')).toEqual(optedOut('m1'));
    expect(await rule.optedOutAmong([aMessage({ category: 'marketing' })], new Map())).toEqual(optedOut('m1'));
  });
});

describe('a claimed message', () => {
  const { service } = preparing(tables([]).rule);
  const outcome = async (facts: Partial<ClaimFacts>, message = aMessage()) => {
    const prepared = await service.prepare(message, { ...FACTS, ...facts });
    return prepared.kind === 'ready' ? prepared : unsendable(prepared);
  };

  it('goes as it is when nothing speaks against it', async () => {
    expect(await outcome({ templates: 'unreadable' })).toEqual({ kind: 'ready', content: { type: 'text' } });
  });

  it('ends where its window is closed, or its recipient has stopped marketing', async () => {
    expect(await outcome({ closed: new Set(['m1']) })).toMatchObject({
      kind: 'rejected_permanent',
      code: 'window_closed',
    });
    expect(await outcome({ optedOut: optedOut('m1') })).toMatchObject({
      kind: 'rejected_permanent',
      code: 'recipient_opted_out',
    });
  });

  it('waits when nobody can say whether its recipient wants marketing', async () => {
    const { rule } = tables(null);
    const marketing = aMessage({ category: 'marketing' });
    const unknown = await rule.optedOutAmong([marketing], new Map());
    expect(await outcome({ optedOut: unknown }, marketing)).toEqual({ kind: 'not_sent', reason: 'choice_not_read' });
    // Another of its claim, which is no marketing, does not.
    expect(await outcome({ optedOut: unknown }, aMessage({ messageId: 'm2' }))).toMatchObject({ kind: 'ready' });
  });

  it('ends or waits by its template', async () => {
    const templates = (verdict: 'paused' | 'unusable') => new Map([['m1', { verdict, category: 'UTILITY' }]]);
    expect(await outcome({ templates: templates('paused') })).toEqual({ kind: 'not_sent', reason: 'template_paused' });
    expect(await outcome({ templates: templates('unusable') })).toMatchObject({ kind: 'rejected_permanent' });
  });
});
