import { Injectable } from '@nestjs/common';
import { Environment } from '#config';
import { coalesce, Database, retryUnit } from '#persistence';
import { AttachOrphansService } from './attach-orphans.service.js';
import { graceOf } from './domain/grace.js';
import { LateResultService } from './late-result.service.js';
import { type Settled, settleAttempts, type Settlement } from './queries/settle-attempts.query.js';

const MAX_BATCH = 256;
/** One at a time: what ends meanwhile shares the next one, and half as many statements are planned. */
const IN_FLIGHT = 1;
/**
 * An answer in hand outlives a database that restarts: up to 45 s, about half of that on average. Beyond that the lease ends the
 * attempt.
 */
const RETRY = { tries: 8, baseMs: 250, capMs: 15_000 };

/** Writes down how attempts ended (T3). Attempts that end together share one statement. */
@Injectable()
export class SettleAttemptService {
  private readonly settleOne = coalesce<Settlement, Settled | null>({
    run: (settlements) => this.settleAll(settlements),
    maxBatch: MAX_BATCH,
    inFlight: IN_FLIGHT,
  });

  constructor(
    private readonly database: Database,
    private readonly lateResult: LateResultService,
    private readonly attachOrphans: AttachOrphansService,
    private readonly environment: Environment,
  ) {}

  /** Durable when it returns. @throws the database's error after 8 tries: the lease will end the attempt. */
  async settle(settlement: Settlement): Promise<void> {
    const settled = await this.settleOne(settlement);
    if (settled === null) return this.lateResult.apply(settlement);
    // Durable by now: statuses that find no moment here are found by the sweeper.
    if (settled.hasOrphans && settlement.wamid !== null)
      await this.attachOrphans.attach([settlement.wamid]).catch(() => undefined);
  }

  /** One message may end twice in a batch, an attempt of a lost lease and the one after it: each answers for itself. */
  private async settleAll(settlements: readonly Settlement[]): Promise<(Settled | null)[]> {
    const grace = graceOf(this.environment.UNCERTAIN_GRACE_MS);
    const settled = await retryUnit(() => settleAttempts(this.database, settlements, grace), RETRY);
    const byAttempt = new Map(settled.map((row) => [nameOf(row), row]));
    return settlements.map((settlement) => byAttempt.get(nameOf(settlement)) ?? null);
  }
}

const nameOf = ({ messageId, attemptNo }: Pick<Settlement, 'messageId' | 'attemptNo'>) => `${messageId} ${attemptNo}`;
