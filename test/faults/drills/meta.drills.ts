import { setTimeout as sleep } from 'node:timers/promises';
import { recipients } from '../../world/senders.js';
import { aNotification, aStatus, postWebhook } from '../../world/webhook.js';
import { APP_SECRET } from '../../world/world.js';
import { type Drill, mixed } from '../drill.js';

/** Blocks of numbers by what the simulator does with them (apps/graph-simulator/README.md). */
const FAULTS = {
  '0100': 60,
  '01101': 10,
  '01121': 5,
  '01151': 10,
  '01161': 10,
  '01500': 10,
  '01503': 10,
  '01504': 10,
  '01506': 10,
};
const HEARING = { '0100': 60, '01500': 20, '01600': 30, '01601': 30, '01605': 20, '01608': 20, '01609': 20 };

/** What Meta answers, and what it says afterwards. */
export const META_DRILLS: Drill[] = [
  {
    name: 'graph-faults',
    what: 'answers that are slow, 429, 500, closed, lost, 503 after all, garbage or cut, mixed',
    run: ({ send, random }) => send(mixed(FAULTS, random)),
  },
  {
    name: 'webhooks-late',
    what: 'webhooks are held back for a while, come twice, out of order, or before the answer',
    run: async ({ world, send, random, between }) => {
      await world.simulator.pauseWebhooks();
      const ids = await send(mixed(HEARING, random));
      await sleep(between(1_000, 4_000));
      await world.simulator.resumeWebhooks();
      return ids;
    },
  },
  {
    name: 'webhook-storm',
    what: '1,000 webhooks of strangers, each its own delivery, while messages go out',
    run: ({ world, during }) =>
      during(async () => {
        for (let i = 0; i < 20; i += 1)
          await Promise.all(
            recipients('0100', 50).map((_, k) =>
              postWebhook(
                world.urlOf('webhooks'),
                aNotification({ statuses: [aStatus(`wamid.storm.${i}.${k}`, 'delivered')] }),
                APP_SECRET,
              ),
            ),
          );
      }),
  },
  {
    name: 'silence',
    what: 'Meta never tells what became of anything, and half of the answers are lost as well',
    run: async ({ send }) => {
      // Each resend waits for the longest grace: the second one ends with the message's time.
      const expiresAt = new Date(Date.now() + MAX_GRACE_MS + 15_000).toISOString();
      return [
        ...(await send(recipients('01602', 20, 0))),
        ...(await send(recipients('01508', 10, 0), { expiresAt })),
        ...(await send(recipients('01508', 10, 10), { deliveryPolicy: 'at_most_once' })),
      ];
    },
  },
  {
    name: 'lost-answers',
    what: '5 % of the answers are lost after Meta took the message',
    size: 1_000,
    run: ({ send, random }, size) => send(withLostAnswers(size, random)),
  },
  {
    name: 'lost-answers-late-webhooks',
    what: 'the same, and webhooks come 15 seconds late (5 minutes, at a twentieth)',
    size: 500,
    run: async ({ world, send, random }, size) => {
      // Each by itself, however long the sending takes: what is held back altogether could be later than any grace.
      const late = { sentDelayMs: LATE_MS, deliveredDelayMs: LATE_MS + 30, readDelayMs: LATE_MS + 60 };
      await world.simulator.change(late);
      const ids = await send(withLostAnswers(size, random));
      await sleep(LATE_MS);
      return ids;
    },
  },
];

/** 15 minutes, at a twentieth, ms. */
const MAX_GRACE_MS = 45_000;

/** Five minutes, at a twentieth, ms. */
const LATE_MS = 15_000;

/** Numbers of which each twentieth is one whose answer is lost. */
function withLostAnswers(size: number, random: () => number): string[] {
  const plain = recipients('0100', 899, 101);
  const lost = recipients('01500', 100, 0);
  return Array.from({ length: size }, (_, i) => (random() < 0.05 ? lost[i % 100] : plain[i % 899]) ?? '');
}
