import { Injectable } from '@nestjs/common';
import { sameContact } from '#contacts';
import { lookupError, type SendOutcome } from '#graph-api';
import { describeReason } from '#messages';
import { Logger } from '#observability';
import { Database, type Tx } from '#persistence';
import { acceptTemplateCategory } from '#templates';
import { applyMarketingRefusals, type MarketingRefusal } from './apply-marketing-refusal.js';
import { type HoldScope, releaseMs, type SendPlace } from './domain/hold-policy.js';
import { closeAlert, openAlert } from './queries/alert.query.js';
import { deleteHold, givenBack, type HoldTarget, setHolds, wakeHeld } from './queries/hold.query.js';
import { PAUSED, writeHold } from './write-hold.js';

type Throttled = Extract<SendOutcome, { kind: 'throttled' }>;

/** What a hold that no row stands for lasts at least: the message alone waits. */
const LEAST_WAIT_MS = 5_000;

/** Meta's codes for a template that is paused, for now or for good. */
const TEMPLATE_PAUSED_CODE = 132015;
const TEMPLATE_CODES = [TEMPLATE_PAUSED_CODE, 132016];

/** Whoever lifts the hold on a template lets its messages go out under its category of now. */
async function acceptCategory(tx: Tx, scopeId: string): Promise<void> {
  const [wabaId, name, language] = scopeId.split(':');
  if (wabaId !== undefined && name !== undefined && language !== undefined)
    await acceptTemplateCategory(tx, wabaId, name, language);
}

/** A contact is held under each of its identifiers; whatever else is held has one name. In the order in which holds are locked. */
const sameTargets = async (tx: Tx, target: HoldTarget): Promise<HoldTarget[]> =>
  target.scope === 'contact_marketing'
    ? (await sameContact(tx, target.scopeId)).map((scopeId) => ({ ...target, scopeId }))
    : [target];

/** Holds back what a throttled answer names: an app, an access token, a WABA, a sender, a pair. */
@Injectable()
export class HoldService {
  constructor(
    private readonly database: Database,
    private readonly logger: Logger,
  ) {}

  /**
   * Sets the hold, and for a pause the alert that goes with it, in one transaction.
   * @returns ms until the message that met it is due; null while an operator has to lift the hold
   */
  async hold(outcome: Throttled, place: SendPlace): Promise<number | null> {
    const random = Math.random();
    const cause = { ...outcome, title: outcome.error.title };
    const plan = await this.database.transaction((tx) => writeHold(tx, cause, place, random));
    if (plan === null) return Math.max(LEAST_WAIT_MS, outcome.waitMs ?? 0, outcome.retryAfterMs ?? 0);
    return plan.waitMs === null ? null : releaseMs(plan.waitMs, random);
  }

  /** Meta's answer ended a message and pauses its scope. What is not written down is told again by the next answer. */
  async pause(code: number, place: SendPlace): Promise<void> {
    const { scope, title } = lookupError({ code });
    await this.database
      .transaction((tx) => writeHold(tx, { action: 'PAUSE', code, scope, title }, place, Math.random()))
      .catch((error: unknown) => this.logger.error('hold.not_set', { code }, error));
  }

  /** Meta's answer to a send refuses marketing to the contact. What is not written down is told again by the next answer. */
  async noteMarketingRefusal(refusal: MarketingRefusal): Promise<void> {
    await this.database
      .transaction((tx) => applyMarketingRefusals(tx, [refusal]))
      .catch((error: unknown) => this.logger.error('hold.not_set', { code: refusal.code }, error));
  }

  /** Holds a template that Meta paused, or that has another category than its messages were accepted with; an alert says so. */
  async holdTemplate(
    target: { scope: 'template'; scopeId: string },
    why: 'template_paused' | 'template_recategorised',
  ): Promise<void> {
    const { title, advice } = describeReason(why);
    await this.database.transaction(async (tx) => {
      const errorCode = why === 'template_paused' ? TEMPLATE_PAUSED_CODE : null;
      await setHolds(tx, [{ ...target, step: 0, waitMs: null, reason: title, errorCode }]);
      await openAlert(tx, { kind: PAUSED, ...target, advice });
    });
  }

  /** Lifts the holds of paused templates that Meta has given back since. @returns how many */
  async releaseTemplates(): Promise<number> {
    const targets = await givenBack(this.database, TEMPLATE_CODES);
    for (const scopeId of targets) await this.release({ scope: 'template', scopeId });
    return targets.length;
  }

  /**
   * Lifts a hold and closes the alert of its pause, in one transaction. What it held on a lane, a pair or a contact, under each of its identifiers, is due at
   * once; on a template within a minute.
   * @returns whether there was one
   */
  async release(target: { scope: HoldScope; scopeId: string }): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      let isHeld = false;
      for (const each of await sameTargets(tx, target)) {
        const wasHeld = await deleteHold(tx, each);
        if (wasHeld) await wakeHeld(tx, each);
        isHeld ||= wasHeld;
      }
      if (isHeld && target.scope === 'template') await acceptCategory(tx, target.scopeId);
      await closeAlert(tx, { kind: PAUSED, ...target });
      return isHeld;
    });
  }

  /** Tells the operator of a message that could not even be built. It fails; it holds nothing back. */
  async reportUnbuildable(phoneNumberId: string): Promise<void> {
    const advice =
      'The request of a message could not be built: its content is gone, or the access token of its sender cannot be decrypted. Check HERALD_ENCRYPTION_KEYS and add the sender again.';
    await openAlert(this.database, {
      kind: 'internal_build_error',
      scope: 'sender',
      scopeId: phoneNumberId,
      advice,
    }).catch((error: unknown) => this.logger.error('alert.not_opened', { kind: 'internal_build_error' }, error));
  }
}
