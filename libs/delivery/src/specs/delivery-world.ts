import { v7 as uuidv7 } from 'uuid';
import { WindowEvidenceService, WindowService } from '#conversations';
import { Logger } from '#observability';
import { type FetchLinksService, SendableMediaService, type UploadToMetaService } from '#media';
import { Database, type Statement } from '#persistence';
import type { QueueBackend } from '#queues';
import { anEnvironment, createTestDatabase } from '#testing';
import { AttachOrphansService } from '../attach-orphans.service.js';
import { UserBudgetService } from '../budget/user-budget.service.js';
import { ClaimMessagesService } from '../claim-messages.service.js';
import { HoldService } from '../hold.service.js';
import { DeliverMessagesService } from '../deliver-messages.service.js';
import { SettleOrJournalService } from '../journal/settle-or-journal.service.js';
import { LaneBreakerService } from '../lane-breaker.service.js';
import { LateResultService } from '../late-result.service.js';
import { DueMessagesService } from '../pacing/due-messages.service.js';
import { MarketingRuleService } from '../preparing/marketing-rule.service.js';
import { PaceService } from '../pacing/pace.service.js';
import { PrepareMessagesService } from '../preparing/prepare-messages.service.js';
import type { Settlement } from '../queries/settle-attempts.query.js';
import { ReaperService } from '../reaper.service.js';
import { ResolverService } from '../resolver.service.js';
import type { SendAttemptService } from '../send-attempt.service.js';
import { SendSlottedService } from '../send-slotted.service.js';
import { SettleAttemptService } from '../settle-attempt.service.js';
import { StatusChannelService } from '../status-channel.service.js';
import { SweeperService } from '../sweeper.service.js';
import { TemplateRuleService } from '../preparing/template-rule.service.js';
import { TargetsService } from '../targets/targets.service.js';
import { WindowRuleService } from '../preparing/window-rule.service.js';

/** Meta takes no file. */
const NO_UPLOADS = {
  upload: () => Promise.resolve({ kind: 'retry' as const, reason: 'a test' }),
} as unknown as UploadToMetaService;

/** No link is fetched. */
const NO_LINKS = {
  replace: () => Promise.resolve({ kind: 'link_refused' as const, details: 'The link is none' }),
} as unknown as FetchLinksService;

/** The services of one worker on a database of their own, and what a test asks of the rows. */
export async function openDeliveryWorld(variables: Record<string, string> = {}) {
  const testDatabase = await createTestDatabase();
  const database = new Database({ url: testDatabase.url, poolMax: 10, statementTimeoutMs: 15_000 });
  const environment = anEnvironment({ DATABASE_URL: testDatabase.url, ...variables });
  const logger = Logger.create('silent');
  const orphans = new AttachOrphansService(database);
  const late = new LateResultService(database, logger);
  const run = <Row = Record<string, unknown>>(sql: string, ...values: unknown[]) =>
    database.query<Row>({ name: '', sql } satisfies Statement, values);
  const newClaims = () => new ClaimMessagesService(database, environment, logger);
  const newSettlements = () => new SettleAttemptService(database, late, orphans, environment);
  const newJournaled = () => new SettleOrJournalService(newSettlements(), environment, logger);
  /** The whole way of a job, with the pace in Postgres. */
  const newDelivery = (attempts: SendAttemptService, claims = newClaims(), uploads = NO_UPLOADS, links = NO_LINKS) => {
    const due = new DueMessagesService(database, environment, logger);
    return new DeliverMessagesService(
      due,
      new UserBudgetService(database, due, logger),
      claims,
      new PaceService({ redis: undefined } as QueueBackend, database, environment, logger),
      new SendSlottedService(
        claims,
        new PrepareMessagesService(
          new WindowRuleService(new WindowService(database, environment, logger)),
          new MarketingRuleService(database, logger),
          new TemplateRuleService(database, logger),
          new SendableMediaService(database, uploads, logger),
          links,
          new TargetsService(database, logger),
        ),
        attempts,
        newJournaled(),
        new LaneBreakerService(database, logger),
        environment,
        logger,
      ),
      logger,
    );
  };
  return {
    url: testDatabase.url,
    database,
    environment,
    logger,
    orphans,
    late,
    run,
    holds: new HoldService(database, logger),
    newWindowEvidence: () => new WindowEvidenceService(database, logger),
    reaper: new ReaperService(database, environment, logger),
    resolver: new ResolverService(database, orphans, environment, logger),
    channel: new StatusChannelService(database, environment),
    sweeper: new SweeperService(database, orphans, logger),
    targets: new TargetsService(database, logger),
    newClaims,
    newSettlements,
    newDelivery,
    message: (id: string) => database.prisma.message.findUniqueOrThrow({ where: { id } }),
    attempts: (messageId: string) => database.prisma.attempt.findMany({ where: { messageId }, orderBy: { no: 'asc' } }),
    /** Types of a message's events, oldest first. */
    events: async (messageId: string) =>
      (
        await database.prisma.event.findMany({ where: { messageId }, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] })
      ).map(({ type, payload }) => ({ type, payload: payload as Record<string, unknown> })),
    close: async () => {
      await database.close();
      await testDatabase.drop();
    },
  };
}
export type DeliveryWorld = Awaited<ReturnType<typeof openDeliveryWorld>>;

/** How an attempt ended, as its worker would settle it. */
export function aSettlement(
  attempt: Pick<Settlement, 'messageId' | 'attemptNo'> & { fence: string | bigint },
  end: keyof typeof ENDS,
  overrides: Partial<Settlement> = {},
): Settlement {
  const nothing = {
    usesFallback: false,
    wamid: null,
    httpStatus: null,
    http2xx: false,
    errorCode: null,
    detail: null,
    delayMs: null,
    awaitsTarget: null,
  };
  return { ...nothing, eventId: uuidv7(), ...attempt, fence: String(attempt.fence), ...ENDS[end], ...overrides };
}

/** The outcomes of protocol §4, each with what it makes of the message. */
export const ENDS = {
  accepted: {
    state: 'accepted',
    attempt: 'accepted',
    reason: 'answered',
    wamid: 'wamid.answer',
    httpStatus: 200,
    http2xx: true,
  },
  not_sent: { state: 'queued', attempt: 'not_sent', reason: 'not_sent', delayMs: 1_000 },
  never_written: { state: 'failed', attempt: 'not_sent', reason: 'never_written' },
  throttled: {
    state: 'queued',
    attempt: 'throttled',
    reason: 'throttled',
    delayMs: 5_000,
    httpStatus: 400,
    errorCode: 130429,
  },
  retryable: {
    state: 'queued',
    attempt: 'rejected_retryable',
    reason: 'retry',
    delayMs: 2_000,
    httpStatus: 500,
    errorCode: 131000,
  },
  exhausted: {
    state: 'failed',
    attempt: 'rejected_retryable',
    reason: 'attempts_exhausted',
    httpStatus: 500,
    errorCode: 131000,
  },
  fallback: {
    state: 'queued',
    attempt: 'rejected_retryable',
    reason: 'window_fallback',
    delayMs: 0,
    errorCode: 131047,
    usesFallback: true,
  },
  permanent: {
    state: 'failed',
    attempt: 'rejected_permanent',
    reason: 'rejected',
    httpStatus: 400,
    errorCode: 131026,
    detail: 'Undeliverable',
  },
  lost: { state: 'uncertain', attempt: 'uncertain', reason: 'answer_lost' },
  cut: { state: 'uncertain', attempt: 'uncertain', reason: 'answer_lost', httpStatus: 200, http2xx: true },
} as const satisfies Record<string, Partial<Settlement>>;
