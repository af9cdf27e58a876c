import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#testing';
import { aTemplate, aText, type MessageView } from './world/herald-api.js';
import { expectInvariants, sendsOf } from './world/oracle.js';
import { SENDERS } from './world/senders.js';
import type { LoggedSend } from './world/simulator.js';
import { World } from './world/world.js';

/** What must have become of a message when everything is quiet. */
interface Ending {
  state: string;
  status?: string | null;
  attempts: number;
  error?: number | string | null;
  /** Of the last attempt. */
  outcome: string;
  waitsFor?: string | null;
}

/** A recipient, what the simulator does with it, and the ending. */
type Row = [what: string, to: string, Ending];

const taken = (attempts = 1): Ending => ({ state: 'accepted', status: 'read', attempts, outcome: 'accepted' });
const refused = (error: number): Ending => ({
  state: 'failed',
  status: null,
  attempts: 1,
  error,
  outcome: 'rejected_permanent',
});
const exhausted = (attempts: number, error: number): Ending => ({
  state: 'failed',
  attempts,
  error,
  outcome: 'rejected_retryable',
});
const open: Ending = {
  state: 'uncertain',
  status: null,
  attempts: 1,
  error: null,
  outcome: 'uncertain',
  waitsFor: 'evidence',
};
const held = (waitsFor: string, error: number): Ending => ({
  state: 'queued',
  status: null,
  attempts: 1,
  error,
  outcome: 'throttled',
  waitsFor,
});

/** The outcome table of the delivery protocol (§4), seen over HTTP: these hold back nobody but their own message. */
const ALONE: Row[] = [
  ['an answer with an id', '+15550100101', taken()],
  ['an answer after a second', '+15550110101', taken()],
  ['131026', '+15550120310', refused(131026)],
  ['131047 without a fallback', '+15550120390', refused(131047)],
  ['131049', '+15550120410', refused(131049)],
  ['131050', '+15550120420', refused(131050)],
  ['131051', '+15550120430', refused(131051)],
  ['131008', '+15550120260', refused(131008)],
  ['100', '+15550120090', refused(100)],
  ['130472', '+15550120220', refused(130472)],
  ['132001: an unknown template', '+15550120570', refused(132001)],
  ['132000: wrong parameters', '+15550120560', refused(132000)],
  ['132016: a disabled template', '+15550120630', refused(132016)],
  ['a code that nobody knows', '+15550120900', refused(999001)],
  ['131016 twice', '+15550115201', taken(3)],
  ['131016 for ever', '+15550120280', exhausted(8, 131016)],
  ['131000 for ever', '+15550120240', exhausted(3, 131000)],
  ['1 for ever', '+15550120010', exhausted(3, 1)],
  ['an unknown code with HTTP 500 for ever', '+15550120910', exhausted(3, 999002)],
  ['the connection closes after it was taken', '+15550150001', taken()],
  ['HTTP 503 without JSON after it was taken', '+15550150301', taken()],
  ['a web page with HTTP 200 after it was taken', '+15550150401', taken()],
  ['HTTP 200 without an id', '+15550150501', taken()],
  ['an answer that breaks off', '+15550150601', taken()],
  ['no answer, but statuses', '+15550150901', taken()],
  ['the connection closes, statuses come seconds later', '+15550152201', taken()],
  ['the connection closes', '+15550150101', open],
  ['the connection closes, and no status comes', '+15550150801', open],
  ['HTTP 502 without JSON', '+15550150201', open],
  ['HTTP 403 without JSON', '+15550151101', open],
  ['a redirect', '+15550150701', open],
  ['no answer at all', '+15550151001', open],
  ['a web page with HTTP 200, and no status', '+15550151201', open],
];

/** These hold back whatever shares a scope with them, so each has a sender of its own. `opens` says whether an operator has to act. */
const HOLDING: [what: string, to: string, Ending, { opens?: boolean; message?: object }?][] = [
  ['190', '+15550120120', held('hold.access_token', 190), { opens: true }],
  ['0', '+15550120000', held('hold.access_token', 0), { opens: true }],
  ['102', '+15550120100', held('hold.access_token', 102), { opens: true }],
  ['10', '+15550120050', held('hold.waba', 10), { opens: true }],
  ['200', '+15550120130', held('hold.waba', 200), { opens: true }],
  ['368', '+15550120140', held('hold.waba', 368), { opens: true }],
  ['131031', '+15550120330', held('hold.waba', 131031), { opens: true }],
  ['131042', '+15550120360', held('hold.waba', 131042), { opens: true }],
  ['131045', '+15550120380', held('hold.sender', 131045), { opens: true }],
  ['131048', '+15550120400', held('hold.sender', 131048), { opens: true }],
  ['133010', '+15550120730', held('hold.sender', 133010), { opens: true }],
  ['33', '+15550120080', held('hold.sender', 33), { opens: true }],
  ['131057', '+15550120480', held('hold.sender', 131057)],
  [
    '132015 for a template',
    '+15550120620',
    held('hold.template', 132015),
    { opens: true, message: aTemplate('', 'hello_customer').message },
  ],
  ['134011', '+15550120760', held('throttle', 134011)],
  ['132069', '+15550120660', held('throttle', 132069)],
  ['130429 once', '+15550112101', taken(2)],
  ['HTTP 429 without JSON once', '+15550113101', taken(2)],
  ['131056 once', '+15550114101', taken(2)],
];

describe('every answer of Meta has its outcome', () => {
  let world: World;
  let log: LoggedSend[];
  const views = new Map<string, MessageView>();
  const outcomes = new Map<string, string[]>();

  beforeAll(async () => {
    world = await World.start({ env: { RETRY_BASE_MS: '20' }, senders: HOLDING.length + 1 });
    const alone = world.api.sendAll(ALONE.map(([, to]) => aText(to)));
    const holding = world.api.sendAll(
      HOLDING.map(([, to, , { message } = {}], index) =>
        aText(to, { from: SENDERS[index + 1], ...(message && { message }) }),
      ),
    );
    const sent = new Map(
      (await Promise.all([alone, holding])).flat().map((id, index) => [[...ALONE, ...HOLDING][index]![0], id]),
    );
    const endings = new Map([...ALONE, ...HOLDING].map(([what, , ending]) => [what, ending]));
    // The slowest are a pair's hold of six seconds and eight attempts.
    await eventually(
      async () => {
        for (const [what, id] of sent)
          expect({ what, ...(await world.api.message(id)) }).toMatchObject({
            what,
            state: endings.get(what)!.state,
            status: endings.get(what)!.status ?? null,
          });
      },
      { timeoutMs: 40_000, intervalMs: 500 },
    );
    log = await world.simulator.log();
    for (const [what, id] of sent) {
      views.set(what, await world.api.message(id));
      outcomes.set(
        what,
        (await world.query<{ state: string }>('SELECT state FROM attempt WHERE message_id = $1 ORDER BY no', [id])).map(
          ({ state }) => state,
        ),
      );
    }
  });
  afterAll(() => world.stop());

  it.each([...ALONE, ...HOLDING])(
    '%s',
    (what, _to, { state, status = null, attempts, error = null, outcome, waitsFor = null }) => {
      const view = views.get(what)!;
      expect({ ...view, error: view.error?.code ?? null }).toMatchObject({ state, status, attempts, error, waitsFor });
      expect(outcomes.get(what)!.at(-1)).toBe(outcome);
      expect(sendsOf(log, view.id)).toHaveLength(attempts);
    },
  );

  it('an attempt that is uncertain is never followed by another', () => {
    for (const [what, , { outcome }] of ALONE) {
      if (outcome === 'uncertain') expect(outcomes.get(what)).toEqual(['uncertain']);
    }
  });

  it('no redirect is followed', async () => {
    expect(await world.simulator.stats()).toMatchObject({ redirectsFollowed: 0 });
  });

  it('what an operator has to act on is an open alert with advice', async () => {
    const alerts = await world.query<{ kind: string; scope: string; scope_id: string; advice: string }>(
      'SELECT kind, scope, scope_id, advice FROM alert WHERE closed_at IS NULL',
    );
    const wanted = HOLDING.flatMap(([what, , { waitsFor }, { opens = false } = {}]) =>
      opens ? [[what, waitsFor?.replace('hold.', '')]] : [],
    );
    expect(alerts.map(({ scope }) => scope).toSorted()).toEqual(wanted.map(([, scope]) => scope).toSorted());
    for (const { kind, advice } of alerts) {
      expect(kind).toBe('sending_paused');
      expect(advice.length).toBeGreaterThan(10);
    }
  });

  it('why it was refused is in the timeline', async () => {
    const [attempt] = (await world.api.timeline(views.get('131026')!.id)).filter(({ kind }) => kind === 'attempt');
    expect(attempt).toMatchObject({ what: 'rejected_permanent', details: { code: 131026, httpStatus: 400 } });
    expect(attempt?.why).toBeTruthy();
  });

  it('and nothing else is out of order', async () => {
    await eventually(() => expectInvariants(world));
  });
});
