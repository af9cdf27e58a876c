import { Injectable } from '@nestjs/common';
import { Database, databaseErrorKind, sqlState, violatedConstraint } from '#persistence';
import { CheckTemplateService } from '#templates';
import { type AcceptRequest, toNewMessage } from '../accept-message.service.js';
import { ForecastMessagesService } from '../forecast-messages.service.js';
import { IdempotencyInProgressError, IdempotencyKeyReusedError, RecipientOptedOutError } from '../messages.errors.js';
import { optedOut } from '../opted-out.js';
import type { NewMessage } from '../queries/insert-messages.query.js';
import { type KeyName, readKeys } from '../queries/read-keys.query.js';
import { WakeAcceptedService } from '../wake-accepted.service.js';
import { withTemplates } from '../with-templates.js';
import { insertBulk } from './insert-bulk.query.js';

/** One item of a bulk request: a message to take in, or why it was refused already. */
export type BulkItem = { request: Omit<AcceptRequest, 'clientId' | 'idempotency'> } | { refusal: object };

/** A bulk request. `describe` makes the refusal of an item from an error of this room. */
export interface BulkRequest {
  clientId: string;
  items: readonly BulkItem[];
  idempotency?: { key: string; hash: Buffer };
  describe: (error: unknown) => object;
}

/** What became of an item, `index` as in the request. */
export type BulkResult =
  | { index: number; id: string; message: Record<string, unknown> }
  | { index: number; duplicate: true; id: string }
  | { index: number; error: object };

export interface AcceptedBulk {
  results: BulkResult[];
  isReplay: boolean;
}

/** What is known of an item before anything is stored, and kept for a repeated request. */
type Plan = { id: string; reference: string | null } | { refusal: object };

const KEY_WAIT_MS = 2_000;

/** Takes many messages in at once: the valid ones in one statement, durable together when it returns. */
@Injectable()
export class AcceptBulkService {
  constructor(
    private readonly database: Database,
    private readonly wakeAccepted: WakeAcceptedService,
    private readonly forecasts: ForecastMessagesService,
    private readonly templates: CheckTemplateService,
  ) {}

  /** @throws IdempotencyKeyReusedError, IdempotencyInProgressError, or the database's error when nothing is known to be stored */
  async accept({ clientId, items, idempotency, describe }: BulkRequest): Promise<AcceptedBulk> {
    const { plans, messages } = await this.plan(clientId, items, describe);
    // A request of which nothing can be taken keeps no key: put right, it may come again under the same one.
    if (messages.length === 0 && plans.every((plan) => 'refusal' in plan)) {
      const earlier = idempotency === undefined ? null : await this.earlier(clientId, idempotency);
      return earlier ?? { results: await this.results(clientId, plans, {}), isReplay: false };
    }
    const key = idempotency === undefined ? null : { clientId, ...idempotency, response: { plans } };
    try {
      const rows = await this.forecasts.forecast(messages);
      const inserted = await insertBulk(this.database, rows, { key, keyWaitMs: KEY_WAIT_MS });
      this.wakeAccepted.wake(messages.filter(({ id }) => inserted.has(id)));
      return { results: await this.results(clientId, plans, Object.fromEntries(inserted)), isReplay: false };
    } catch (error) {
      if (idempotency === undefined) throw error;
      if (sqlState(error) === '55P03') throw new IdempotencyInProgressError();
      if (databaseErrorKind(error) !== 'unique' || violatedConstraint(error) !== 'idempotency_key_pkey') throw error;
      return this.replay(clientId, idempotency);
    }
  }

  private async plan(
    clientId: string,
    items: readonly BulkItem[],
    describe: BulkRequest['describe'],
  ): Promise<{ plans: Plan[]; messages: NewMessage[] }> {
    const now = new Date();
    const planned: (NewMessage | { refusal: object })[] = [];
    for (const item of items)
      planned.push(await this.planOne(item, clientId, now).catch((error: unknown) => ({ refusal: describe(error) })));
    const isOptedOut = await optedOut(
      this.database,
      this.forecasts,
      planned.filter((one): one is NewMessage => 'id' in one),
    );
    const used = new Set<string>();
    const messages: NewMessage[] = [];
    const plans = planned.map((one): Plan => {
      if ('refusal' in one) return one;
      if (isOptedOut(one)) return { refusal: describe(new RecipientOptedOutError()) };
      const { id, clientReference: reference } = one;
      // Of a reference that comes twice in one request the first is taken.
      if (reference === null || !used.has(reference)) messages.push(one);
      if (reference !== null) used.add(reference);
      return { id, reference };
    });
    return { plans, messages };
  }

  private async planOne(item: BulkItem, clientId: string, now: Date): Promise<NewMessage | { refusal: object }> {
    if ('refusal' in item) return item;
    return toNewMessage(await withTemplates(this.templates, { ...item.request, clientId }), now);
  }

  /** The answer that the first request of this key got. */
  private async replay(clientId: string, { key, hash }: { key: string; hash: Buffer }): Promise<AcceptedBulk> {
    const earlier = await this.earlier(clientId, { key, hash });
    if (earlier === null) throw new IdempotencyInProgressError();
    return earlier;
  }

  /** The same, or null when there was no such request. @throws IdempotencyKeyReusedError */
  private async earlier(clientId: string, { key, hash }: { key: string; hash: Buffer }): Promise<AcceptedBulk | null> {
    const name: KeyName = { clientId, kind: 'key', name: key };
    const stored = (await readKeys(this.database, [name]))(name);
    if (stored === null) return null;
    if (!stored.hash.equals(hash)) throw new IdempotencyKeyReusedError();
    const { plans, accepted } = stored.response as { plans: Plan[]; accepted: Record<string, Record<string, unknown>> };
    return { results: await this.results(clientId, plans, accepted), isReplay: true };
  }

  /** Results in the order of the items; a duplicate names the message that has its reference. */
  private async results(
    clientId: string,
    plans: readonly Plan[],
    accepted: Readonly<Record<string, Record<string, unknown>>>,
  ): Promise<BulkResult[]> {
    const idOf = await this.owners(clientId, plans, accepted);
    return plans.map((plan, index): BulkResult => {
      if ('refusal' in plan) return { index, error: plan.refusal };
      const message = accepted[plan.id];
      if (message !== undefined) return { index, id: plan.id, message };
      return { index, duplicate: true, id: idOf(plan.reference ?? '') };
    });
  }

  private async owners(
    clientId: string,
    plans: readonly Plan[],
    accepted: Readonly<Record<string, unknown>>,
  ): Promise<(reference: string) => string> {
    const nameOf = (name: string): KeyName => ({ clientId, kind: 'ref', name });
    const names = plans.flatMap((plan) =>
      'id' in plan && !(plan.id in accepted) && plan.reference !== null ? [nameOf(plan.reference)] : [],
    );
    const storedOf = await readKeys(this.database, names);
    return (reference) => storedOf(nameOf(reference))?.messageIds[0] ?? '';
  }
}
