import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CancelMessageService, DELIVERY_POLICIES, MESSAGE_STATES, RedriveMessagesService } from '#messages';
import { sqlState } from '#persistence';
import { aMessage, aSender } from '#testing';
import { proveAccepted } from '../../prove-accepted.js';
import { aSettlement, type DeliveryWorld, ENDS, openDeliveryWorld } from '../../specs/delivery-world.js';
import { type MachineMessage, type MachineStep, newMessage, takeStep, TRANSITIONS } from './message-machine.js';

let world: DeliveryWorld;
beforeAll(async () => {
  world = await openDeliveryWorld();
  await aSender(world.database);
}, 60_000);
afterAll(() => world.close());

type End = keyof typeof ENDS;
/** A step, or the end of an attempt by the names of `ENDS`; `stale` has the fence of the claim before. */
type Choice =
  Exclude<MachineStep, { kind: 'settle' | 'prove' }> | { kind: 'settle' | 'prove'; which: number; end: End };

const choice: fc.Arbitrary<Choice> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom<Choice>(
      { kind: 'claim' },
      { kind: 'claim' },
      { kind: 'lease_over' },
      { kind: 'resolve' },
    ),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom('settle' as const, 'settle' as const, 'settle' as const, 'prove' as const),
      which: fc.nat(3),
      end: fc.constantFrom(...(Object.keys(ENDS) as End[])),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Choice>(
      { kind: 'expire' },
      { kind: 'cancel' },
      { kind: 'redrive', isForced: false },
      { kind: 'redrive', isForced: true },
    ),
  },
);

const refused = (error: unknown) => {
  // Cancel and redrive say why not; anything else is a surprise.
  if (!(error instanceof Error) || !/NotCancellable|NotRedrivable/.test(error.constructor.name)) throw error;
};

/** Has the services of a worker take the step, once the times that it needs have passed. */
async function takeInPostgres(id: string, step: MachineStep, end: End): Promise<void> {
  switch (step.kind) {
    case 'claim':
      await world.run(
        `UPDATE message SET next_attempt_at = now() - interval '1 second' WHERE id = $1 AND state = 'queued'`,
        id,
      );
      await world.newClaims().claim([id]);
      return;
    case 'settle':
      return world.newSettlements().settle(
        aSettlement({ messageId: id, attemptNo: step.no, fence: String(step.fence) }, end, {
          wamid: end === 'accepted' ? `wamid.${id}.${step.no}` : null,
        }),
      );
    case 'lease_over':
      await world.run(
        `UPDATE message SET lease_until = now() - interval '1 second' WHERE id = $1 AND state = 'sending'`,
        id,
      );
      await world.reaper.reap();
      return;
    case 'prove':
      return world.database.transaction((tx) =>
        proveAccepted(tx, [
          {
            messageId: id,
            attemptNo: step.no,
            wamid: `wamid.${id}.${step.no}`,
            reason: 'proved_by_status',
            by: 'meta',
          },
        ]),
      );
    case 'resolve':
      await world.run(
        `UPDATE attempt SET resolve_after = now() - interval '1 hour', uncertain_since = now() - interval '1 hour' WHERE message_id = $1 AND state = 'uncertain'`,
        id,
      );
      await world.channel.publishInbox();
      await world.resolver.resolve();
      return;
    case 'expire':
      await world.run(`UPDATE message SET expires_at = now() - interval '1 second' WHERE id = $1`, id);
      await world.sweeper.sweep();
      return;
    case 'cancel':
      return new CancelMessageService(world.database, world.logger).cancel(id, null).catch(refused);
    case 'redrive':
      return new RedriveMessagesService(world.database, world.logger)
        .redriveOne(id, { by: 'operator', keyId: null, isForced: step.isForced, why: null, expiresAt: null })
        .catch(refused);
  }
}

/** The row and its attempts, as the machine sees them. */
async function readFromPostgres(id: string): Promise<MachineMessage> {
  const row = await world.message(id);
  const attempts = await world.attempts(id);
  return {
    state: row.state as MachineMessage['state'],
    policy: row.policy as MachineMessage['policy'],
    fence: Number(row.fence),
    burned: row.burned,
    notSent: row.notSent,
    isExpired: row.expiresAt.getTime() <= Date.now(),
    attempts: attempts.map(({ no, state, http2xx, wamid }) => ({
      no,
      state: state as MachineMessage['attempts'][number]['state'],
      http2xx,
      isTaken: wamid !== null,
    })),
  };
}

/** The choice as a step of this message: which attempt, and by the fence of its claim. */
function stepOf(chosen: Choice, fences: readonly number[]): MachineStep | null {
  if (!('which' in chosen)) return chosen;
  // The last attempt is meant most of the time.
  const no = Math.max(1, fences.length - Math.max(0, chosen.which - 1));
  const fence = fences[no - 1];
  if (fence === undefined) return null;
  if (chosen.kind === 'prove') return { kind: 'prove', no };
  const { state, attempt, ...more } = ENDS[chosen.end];
  return { kind: 'settle', no, fence, next: { state, attempt }, http2xx: 'http2xx' in more };
}

describe('the machine and the statements', () => {
  it('make the same of every history', async () => {
    let changes = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...DELIVERY_POLICIES),
        fc.array(choice, { minLength: 10, maxLength: 25 }),
        async (policy, choices) => {
          const { id } = await aMessage(world.database, { policy });
          let machine = newMessage(policy);
          const fences: number[] = [];
          const told: unknown[] = [];
          for (const chosen of choices) {
            const step = stepOf(chosen, fences);
            if (step === null) continue;
            const before = machine;
            machine = takeStep(machine, step);
            await takeInPostgres(id, step, 'end' in chosen ? chosen.end : 'lost');
            if (machine.attempts.length > before.attempts.length) fences.push(machine.fence);
            if (machine.state !== before.state) changes += 1;
            told.push(step);
            expect({ told, message: await readFromPostgres(id) }).toEqual({ told, message: machine });
          }
        },
      ),
      { numRuns: 60 },
    );
    expect(changes).toBeGreaterThan(100);
  }, 300_000);

  it.each(
    MESSAGE_STATES.flatMap((from) => MESSAGE_STATES.filter((to) => to !== from).map((to) => [from, to] as const)),
  )('agree on %s → %s', async (from, to) => {
    const { id } = await aMessage(world.database, { state: from, attempts: [] });
    const fields =
      to === 'queued'
        ? 'next_attempt_at = now(), lease_until = NULL, lease_owner = NULL'
        : to === 'sending'
          ? `next_attempt_at = NULL, lease_until = now(), lease_owner = 'x'`
          : 'next_attempt_at = NULL, lease_until = NULL, lease_owner = NULL';
    const refusal = await world
      .run(
        `UPDATE message SET state = $2, fence = fence + 1, burned = 0, not_sent = 0, expires_at = now() + interval '1 hour', ${fields} WHERE id = $1`,
        id,
        to,
      )
      .then(() => null, sqlState);
    expect(refusal).toBe(TRANSITIONS[from].includes(to) ? null : '23514');
  });
});
