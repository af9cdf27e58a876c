import { randomUUID } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { type Environment, readEnvironment } from '#config';
import type { Database, Prisma } from '#persistence';

/** Ids that a fresh test database is empty of; the numbers of contacts are fictional. */
export const A_SENDER = { phoneNumberId: '800000000000001', wabaId: '900000000000001' };
let lastContact = 15_550_100_000;

/** Inserts a client. */
export function aClient(database: Database, overrides: Partial<Prisma.ClientUncheckedCreateInput> = {}) {
  const id = uuidv7();
  return database.prisma.client.create({ data: { id, name: `client-${id}`, ...overrides } });
}

/** Inserts a sender with its WABA and an access token of its own, which does not decrypt: `AddSenderService` makes one that does. */
export async function aSender(
  database: Database,
  {
    phoneNumberId = A_SENDER.phoneNumberId,
    wabaId = A_SENDER.wabaId,
    portfolioId = `waba-${wabaId}`,
    appId = 'default',
  }: { phoneNumberId?: string; wabaId?: string; portfolioId?: string; appId?: string } = {},
) {
  const fingerprint = Buffer.from(randomUUID());
  await database.prisma.waba.upsert({ where: { id: wabaId }, create: { id: wabaId, portfolioId }, update: {} });
  const token = await database.prisma.accessToken.create({
    data: { id: uuidv7(), appId, fingerprint, ciphertext: 'v1.none.none.none' },
  });
  const sender = { phoneNumberId, wabaId, accessTokenId: token.id };
  await database.prisma.sender.create({ data: sender });
  return { ...sender, portfolioId, appId };
}

/** What may be said of a message to insert: any of its columns, its content, and its attempts in order. */
export type MessageOverrides = Partial<Prisma.MessageUncheckedCreateInput> & {
  content?: Prisma.InputJsonObject | null;
  windowFallback?: Prisma.InputJsonObject;
  windowPolicy?: string;
  mediaMode?: string;
  clientReference?: string;
  tags?: string[];
  attempts?: Partial<Prisma.AttemptUncheckedCreateInput>[];
};

const anInstant = (fromNowMs: number) => new Date(Date.now() + fromNowMs);
const ended = () => ({ endedAt: anInstant(0) });

/** How a message and its last attempt look in each state, when nothing special has happened. */
const IN_STATE: Record<string, () => MessageOverrides> = {
  queued: () => ({ nextAttemptAt: anInstant(-1_000) }),
  sending: () => ({ leaseUntil: anInstant(90_000), leaseOwner: 'a-test', attempts: [{ state: 'started' }] }),
  uncertain: () => ({ burned: 1, attempts: [{ state: 'uncertain' }] }),
  accepted: () => ({ attempts: [{ state: 'accepted' }] }),
  failed: () => ({ burned: 1, attempts: [{ state: 'rejected_permanent' }] }),
  expired: () => ({ expiresAt: anInstant(-1_000) }),
  cancelled: () => ({}),
  unknown: () => ({ burned: 1, attempts: [{ state: 'abandoned' }] }),
};

const OF_ATTEMPT: Record<string, () => Partial<Prisma.AttemptUncheckedCreateInput>> = {
  started: () => ({}),
  accepted: () => ({ ...ended(), wamid: `wamid.${randomUUID()}`, httpStatus: 200, http2xx: true }),
  uncertain: () => ({ ...ended(), uncertainSince: anInstant(0), resolveAfter: anInstant(120_000) }),
};

/** So many at once leave connections for the test; hundreds would wait for one longer than Prisma lets them. */
const turns: Promise<unknown>[] = Array.from({ length: 4 }, () => Promise.resolve());
let lastTurn = 0;
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const place = (lastTurn += 1) % turns.length;
  const result = (turns[place] ?? Promise.resolve()).then(work);
  turns[place] = result.catch(() => undefined);
  return result;
}

/**
 * Inserts a message with content and attempts, in any state, without the way there: triggers are off for it, CHECKs are not.
 * @returns the row, and the attempts as they were inserted
 */
export async function aMessage(database: Database, overrides: MessageOverrides = {}) {
  const { state = 'queued' } = overrides;
  const { content, windowFallback, windowPolicy, mediaMode, clientReference, tags, attempts, ...message } = {
    content: { type: 'text', text: { body: 'Your table is ready' } } as Prisma.InputJsonObject | null,
    windowFallback: undefined,
    windowPolicy: undefined,
    mediaMode: undefined,
    clientReference: undefined,
    tags: undefined,
    attempts: [],
    ...IN_STATE[state]?.(),
    ...overrides,
  };
  const id = message.id ?? uuidv7();
  const rows = attempts.map((attempt, index) => {
    const of = (OF_ATTEMPT[attempt.state ?? 'started'] ?? ended)();
    const no = index + 1;
    return { messageId: id, no, fence: no, state: 'started', startedAt: anInstant(-2_000), ...of, ...attempt };
  });
  const [, row] = await inTurn(() =>
    database.prisma.$transaction([
      database.prisma.$executeRaw`SET LOCAL session_replication_role = replica`,
      database.prisma.message.create({
        data: {
          clientId: uuidv7(),
          phoneNumberId: A_SENDER.phoneNumberId,
          recipient: String((lastContact += 1)),
          type: 'text',
          priority: 1,
          policy: 'at_least_once',
          nextAttemptAt: null,
          expiresAt: anInstant(3_600_000),
          fence: attempts.length,
          attemptNo: attempts.length,
          ...message,
          id,
        },
      }),
      database.prisma.messageContent.create({
        data: { id, content: content ?? undefined, windowFallback, windowPolicy, mediaMode, clientReference, tags },
      }),
      database.prisma.attempt.createMany({ data: rows }),
    ]),
  );
  return { ...row, attempts: rows };
}

/** An environment in which only what the test is about has to be named. */
export function anEnvironment(variables: Record<string, string> = {}): Environment {
  return readEnvironment({
    DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none',
    META_APP_SECRET: 'a-secret-of-a-test',
    META_VERIFY_TOKEN: 'a-token-of-a-test',
    HERALD_ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
    LOG_LEVEL: 'silent',
    ...variables,
  });
}
