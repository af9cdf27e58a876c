import { Injectable } from '@nestjs/common';
import { type MetaApi, type MetaMessage, recipientCountry, type RecipientKind, recipientName } from '#graph-api';
import { coalesce, Database, databaseErrorKind, newId, sqlState, violatedConstraint } from '#persistence';
import { CheckTemplateService, TemplateRefusedError } from '#templates';
import { planAcceptance } from './domain/acceptance-policy.js';
import { guessCategory } from './domain/guess-category.js';
import type { DeliveryPolicy, MediaMode, Priority, TemplateCategory } from './domain/message.js';
import { ForecastMessagesService } from './forecast-messages.service.js';
import {
  ClientReferenceUsedError,
  IdempotencyInProgressError,
  IdempotencyKeyReusedError,
  RecipientOptedOutError,
} from './messages.errors.js';
import { optedOut } from './opted-out.js';
import { insertMessages, type NewMessage } from './queries/insert-messages.query.js';
import { type KeyName, readKeys, type StoredResponse } from './queries/read-keys.query.js';
import { WakeAcceptedService } from './wake-accepted.service.js';
import { withTemplates } from './with-templates.js';

/** A send that a client asks for. `recipient` is the contact's key: digits only, a user id, or a group id; `message` is in Meta's shape, without `messaging_product` and `to`. */
export interface AcceptRequest {
  clientId: string;
  phoneNumberId: string;
  recipient: string;
  /** A phone number when left out. */
  recipientKind?: RecipientKind;
  /** The recipient as the caller wrote it. */
  recipientInput?: string;
  api?: MetaApi;
  message: MetaMessage;
  priority?: Priority;
  deliveryPolicy?: DeliveryPolicy;
  category?: TemplateCategory;
  /** That of its template as Meta has it, where that is known. */
  syncedCategory?: TemplateCategory;
  /** The same of its fallback. */
  fallbackCategory?: TemplateCategory;
  sendAt?: Date | null;
  expiresAt?: Date | null;
  windowFallback?: object | null;
  windowPolicy?: 'enforce' | 'trust_meta';
  /** upload: its links are fetched and sent as files. */
  mediaMode?: MediaMode;
  clientReference?: string | null;
  tags?: string[];
  /** Hash: SHA-256 of method, route and canonical body. */
  idempotency?: { key: string; hash: Buffer };
}

/** What the caller is told; the same body again when the Idempotency-Key came before. */
export interface AcceptedMessage {
  status: 202;
  body: Record<string, unknown>;
  isReplay: boolean;
}

const MAX_BATCH = 128;
const IN_FLIGHT = 2;
/** While requests share statements, those that come within so many ms share one. */
const EVERY_MS = 10;
/**
 * How long an Idempotency-Key that another transaction holds is waited for: 2 s by the request that names it (protocol §11).
 * Requests that merely share its statement wait less; they are then run without it.
 */
const KEY_WAIT_MS = { alone: 2_000, together: 500 };

/** Takes a message in: durable when it returns (T0). Concurrent requests share one statement. */
@Injectable()
export class AcceptMessageService {
  private readonly insert = coalesce<NewMessage, AcceptedMessage>({
    run: (messages) => this.insertAll(messages),
    maxBatch: MAX_BATCH,
    inFlight: IN_FLIGHT,
    everyMs: EVERY_MS,
  });

  constructor(
    private readonly database: Database,
    private readonly wakeAccepted: WakeAcceptedService,
    private readonly forecasts: ForecastMessagesService,
    private readonly templates: CheckTemplateService,
  ) {}

  /**
   * @throws TemplateRefusedError, RecipientOptedOutError, InvalidScheduleError, AuthenticationRefusedError, IdempotencyKeyReusedError, IdempotencyInProgressError, ClientReferenceUsedError, or the
   * database's error when nothing is known to be stored
   */
  async accept(request: AcceptRequest): Promise<AcceptedMessage> {
    try {
      return await this.insert(toNewMessage(await withTemplates(this.templates, request), new Date()));
    } catch (error) {
      // What was accepted while its template could be sent is still told when it is asked for again.
      const earlier = error instanceof TemplateRefusedError ? await this.earlier(request) : null;
      if (earlier === null) throw error;
      return earlier;
    }
  }

  private async earlier({ clientId, idempotency }: AcceptRequest): Promise<AcceptedMessage | null> {
    if (idempotency === undefined) return null;
    const name: KeyName = { clientId, kind: 'key', name: idempotency.key };
    const stored = (await readKeys(this.database, [name]))(name);
    return stored?.hash.equals(idempotency.hash) === true
      ? { status: 202, body: stored.response, isReplay: true }
      : null;
  }

  private async insertAll(messages: readonly NewMessage[]): Promise<(AcceptedMessage | Error)[]> {
    const firstOfKey = new Map(messages.toReversed().map((message) => [keyOf(message), message]));
    const isOptedOut = await optedOut(this.database, this.forecasts, messages);
    const distinct = messages.filter((message) => firstOfKey.get(keyOf(message)) === message && !isOptedOut(message));
    const keyWaitMs = messages.length > 1 ? KEY_WAIT_MS.together : KEY_WAIT_MS.alone;
    const rows = await this.forecasts.forecast(distinct);
    const inserted = await insertMessages(this.database, rows, { keyWaitMs }).catch((error: unknown) =>
      this.explain(error, messages),
    );
    this.wakeAccepted.wake(distinct.filter(({ id }) => inserted.has(id)));
    const storedOf = await readKeys(
      this.database,
      messages.filter(({ id }) => !inserted.has(id)).flatMap((message) => keyName(message) ?? []),
    );
    return messages.map((message) => {
      const response = inserted.get(message.id);
      if (response !== undefined) return { status: 202, body: response, isReplay: false };
      const name = keyName(message);
      const stored = name === null ? null : storedOf(name);
      // What was accepted before the contact opted out is still told when it is asked for again.
      return stored === null && isOptedOut(message) ? new RecipientOptedOutError() : replay(message, stored);
    });
  }

  /** Names the refusal of a single message; what fails a batch is thrown on, and its messages are tried one by one. */
  private async explain(error: unknown, messages: readonly NewMessage[]): Promise<never> {
    const [message, ...others] = messages;
    if (message === undefined || others.length > 0) throw error;
    if (sqlState(error) === '55P03' && message.idempotency !== null) throw new IdempotencyInProgressError();
    if (
      databaseErrorKind(error) === 'unique' &&
      violatedConstraint(error) === 'idempotency_key_pkey' &&
      message.clientReference !== null
    ) {
      const name: KeyName = { clientId: message.clientId, kind: 'ref', name: message.clientReference };
      const used = (await readKeys(this.database, [name]))(name);
      if (used?.messageIds[0] !== undefined) throw new ClientReferenceUsedError(used.messageIds[0]);
    }
    throw error;
  }
}

const keyName = ({ clientId, idempotency }: NewMessage): KeyName | null =>
  idempotency && { clientId, kind: 'key', name: idempotency.key };

/** The answer to a message that met a used Idempotency-Key; one that is not to be read (any more) was not committed. */
function replay({ idempotency }: NewMessage, stored: StoredResponse | null): AcceptedMessage | Error {
  if (idempotency === null || stored === null) return new IdempotencyInProgressError();
  return stored.hash.equals(idempotency.hash)
    ? { status: 202, body: stored.response, isReplay: true }
    : new IdempotencyKeyReusedError();
}

/** One name for all requests with one Idempotency-Key of a client; a message without a key is alone. */
const keyOf = ({ id, clientId, idempotency }: NewMessage) =>
  idempotency === null ? id : `${clientId} ${idempotency.key}`;

/** The row of a request, as it is stored. @throws InvalidScheduleError, AuthenticationRefusedError */
export function toNewMessage(request: AcceptRequest, now: Date): NewMessage {
  const { clientId, phoneNumberId, recipient, message, clientReference = null, tags = [] } = request;
  const { biz_opaque_callback_data: callbackData, ...content } = message;
  const plan = planAcceptance(request, now);
  const { recipientKind = 'phone', recipientInput = recipient, api = 'messages' } = request;
  const country = recipientCountry({ kind: recipientKind, id: recipient });
  const id = newId();
  return {
    ...plan,
    id,
    eventId: newId(),
    clientId,
    phoneNumberId,
    recipient,
    recipientKind,
    recipientInput,
    country,
    api,
    type: String(message.type),
    content,
    tags,
    clientReference,
    clientCallbackData: typeof callbackData === 'string' ? callbackData : null,
    windowFallback: request.windowFallback ?? null,
    fallbackCategory: fallbackCategoryOf(request),
    windowPolicy: request.windowPolicy ?? 'enforce',
    mediaMode: request.mediaMode === 'upload' ? 'upload' : null,
    idempotency: request.idempotency ?? null,
    estimate: null,
    response: {
      id,
      state: 'queued',
      from: phoneNumberId,
      to: recipientName({ kind: recipientKind, id: recipient }),
      input: recipientInput,
      country,
      api,
      type: message.type,
      priority: plan.priority,
      deliveryPolicy: plan.policy,
      window: 'unknown',
      clientReference,
      sendAt: plan.sendAt,
    },
  };
}

/** The category of the template that goes out when the window is closed; null where there is none. */
function fallbackCategoryOf({ windowFallback, fallbackCategory }: AcceptRequest): TemplateCategory | null {
  return windowFallback == null ? null : (fallbackCategory ?? guessCategory(windowFallback as MetaMessage));
}
