import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { SlotAnswer } from './domain/reserve-slots.js';
import { LaneLine, type SlottedMessage } from './lane-line.js';
import type { DueMessage } from './queries/read-due-messages.query.js';

const aMessage = (messageId: string): DueMessage => ({
  messageId,
  phoneNumberId: '1',
  recipient: '2',
  isFed: true,
  hasPairToken: false,
  isLimited: false,
  lane: { throughputLimit: 80, limitsMet: 0, isBroken: false },
});
const messages = (count: number, name = 'm') => Array.from({ length: count }, (_, i) => aMessage(`${name}${i}`));

/** A line whose reservations answer what `answer` says. */
function setup(
  answer: (messageId: string, ask: number) => SlotAnswer['kind'],
  { patienceMs = 10_000, slotted = new Set<string>() } = {},
) {
  const done = { asks: [] as string[][], sent: [] as string[], deferred: [] as string[], left: [] as string[] };
  const line = new LaneLine(
    {
      reserve: async (all) => {
        done.asks.push(all.map(({ messageId }) => messageId));
        await sleep(1);
        const ask = done.asks.length;
        const answers = all.map(({ messageId }) => {
          const kind = answer(messageId, ask);
          return kind === 'none' ? { kind } : { kind, afterMs: 0 };
        });
        return { answers, againMs: 5 };
      },
      send: (all) => {
        done.sent.push(...all.map(({ message }) => message.messageId));
        all.forEach(({ release }) => release());
        return Promise.resolve();
      },
      defer: (all) => Promise.resolve(void done.deferred.push(...all.map(({ messageId }) => messageId))),
      leave: (all) => Promise.resolve(void done.left.push(...all.map(({ messageId }) => messageId))),
    },
    { batchSize: 4, patienceMs, slotted },
  );
  return { line, done };
}

describe('a line', () => {
  it('asks for what several jobs brought together, one reservation at a time', async () => {
    const { line, done } = setup(() => 'slot');
    await Promise.all([line.join(messages(1, 'a')), line.join(messages(2, 'b')), line.join(messages(3, 'c'))]);
    expect(done.asks).toEqual([['a0'], ['b0', 'b1', 'c0', 'c1'], ['c2']]);
    expect(done.sent).toHaveLength(6);
    expect(line.isEmpty).toBe(true);
  });

  it('asks again for those that got nothing, before those that came later', async () => {
    const { line, done } = setup((messageId, ask) => (ask === 1 && messageId !== 'm0' ? 'none' : 'slot'));
    await Promise.all([line.join(messages(3)), line.join(messages(2, 'later'))]);
    expect(done.asks[1]?.slice(0, 2)).toEqual(['m1', 'm2']);
    expect(done.sent).toEqual(['m0', 'm1', 'm2', 'later0', 'later1']);
  });

  it('lets wait whose recipient may get no more, and sends the others', async () => {
    const { line, done } = setup((messageId) => (messageId === 'm1' ? 'pair' : 'slot'));
    await line.join(messages(3));
    expect(done).toMatchObject({ sent: ['m0', 'm2'], deferred: ['m1'], left: [] });
  });

  it('gives back what had no slot in its time, and at once what may not wait', async () => {
    const patient = setup(() => 'none', { patienceMs: 30 });
    await patient.line.join(messages(2));
    expect(patient.done.left).toEqual(['m0', 'm1']);
    expect(patient.done.asks.length).toBeGreaterThan(1);
    const impatient = setup(() => 'none', { patienceMs: 0 });
    await impatient.line.join(messages(2));
    expect(impatient.done).toMatchObject({ left: ['m0', 'm1'], asks: [['m0', 'm1']] });
  });

  it('leaves a message that two jobs bring to the first of them', async () => {
    const { line, done } = setup(() => 'slot');
    await Promise.all([line.join(messages(2)), line.join(messages(2))]);
    expect(done.sent).toEqual(['m0', 'm1']);
  });

  it('takes no second slot for a message that another line has one for, until its claim was tried', async () => {
    const slotted = new Set(['m0']);
    const { line, done } = setup(() => 'slot', { slotted });
    await line.join(messages(2));
    expect(done.asks).toEqual([['m1']]);
    slotted.clear();
    await line.join(messages(1));
    expect(done.sent).toEqual(['m1', 'm0']);
  });

  it('says which messages have a slot until their claim was tried', async () => {
    const slotted = new Set<string>();
    let releases: (() => void)[] = [];
    const send = (all: readonly SlottedMessage[]) => {
      releases = all.map(({ release }) => release);
      return Promise.resolve();
    };
    const answers = [{ kind: 'slot', afterMs: 0 } as const, { kind: 'pair', afterMs: 1 } as const];
    const nothing = () => Promise.resolve();
    const line = new LaneLine(
      { reserve: () => Promise.resolve({ answers, againMs: 0 }), send, defer: nothing, leave: nothing },
      { batchSize: 4, patienceMs: 0, slotted },
    );
    await line.join(messages(2));
    expect([...slotted]).toEqual(['m0']);
    releases.forEach((release) => release());
    expect(slotted.size).toBe(0);
  });

  it('that is stopped gives back whatever has no slot, also what joins later', async () => {
    const { line, done } = setup(() => 'none', { patienceMs: 60_000 });
    const joined = line.join(messages(3));
    await sleep(20);
    line.stop();
    await joined;
    await line.join(messages(1, 'late'));
    expect(done.left).toEqual(['m0', 'm1', 'm2', 'late0']);
  });
});
