import { Injectable } from '@nestjs/common';
import { Environment } from '#config';
import { type ContactOfSender, contactForms } from '#contacts';
import { Logger } from '#observability';
import { Database } from '#persistence';
import {
  sendWindow,
  type WindowFacts,
  windowState,
  type WindowState,
  type WindowStateName,
} from './domain/window-state.js';
import { type HeardFacts, readWindows } from './queries/read-windows.query.js';

/** A window at an instant, with the facts behind it. `sendable`: as the send rule reads it. */
export interface WindowView extends WindowFacts, WindowState {
  /** Wamid of the message, or id of the call, that opened it last. */
  heardId: string | null;
  sendable: WindowStateName;
  /** Until when everything to the contact is free; null unless a free entry point is open. What may be sent is the window's to say. */
  freeEntryPointUntil: Date | null;
  /** When the send rule stops counting on it; null unless it is `open` for the send rule. */
  sendableUntil: Date | null;
}

const NOTHING: Omit<HeardFacts, 'n'> = {
  heardAt: null,
  heardId: null,
  hintAt: null,
  closedByMetaAt: null,
  listeningSince: null,
  freeEntryPointUntil: null,
};

/** Reads customer service windows: one per sender and contact, whichever of its identifiers the contact wrote under. */
@Injectable()
export class WindowService {
  private readonly marginMs: number;

  constructor(
    private readonly database: Database,
    environment: Environment,
    private readonly logger: Logger,
  ) {
    this.marginMs = environment.WINDOW_SAFETY_MARGIN_SECONDS * 1_000;
  }

  /** The windows of many contacts now, in their order, in one statement; what cannot be read is unknown. Never rejects. */
  async statesOf(contacts: readonly ContactOfSender[]): Promise<WindowView[]> {
    const at = new Date();
    const facts = await this.read(contacts, null).catch((error: unknown) => {
      this.logger.warn('windows.not_read', { count: contacts.length }, error);
      return contacts.map(() => NOTHING);
    });
    return facts.map((known) => this.view(known, at));
  }

  /** The window of one contact now (`at` null), or at an instant of the past: by what was heard until then. */
  async stateOf(contact: ContactOfSender, at: Date | null): Promise<WindowView> {
    const [facts = NOTHING] = await this.read([contact], at);
    return this.view(facts, at ?? new Date());
  }

  private async read(contacts: readonly ContactOfSender[], until: Date | null): Promise<Omit<HeardFacts, 'n'>[]> {
    if (contacts.length === 0) return [];
    const forms = contacts.flatMap(({ phoneNumberId, recipient }, n) =>
      contactForms(recipient).map((contact) => ({ n, phoneNumberId, contact })),
    );
    const rows = await readWindows(this.database, forms, until);
    const known = new Map(rows.map(({ n, ...facts }) => [n, facts]));
    return contacts.map((_contact, n) => known.get(n) ?? NOTHING);
  }

  private view(facts: Omit<HeardFacts, 'n'>, at: Date): WindowView {
    const sendable = sendWindow(facts, at, this.marginMs);
    const { expiresAt } = windowState({ ...facts, hintAt: null }, at);
    const sendableUntil =
      sendable === 'open' && expiresAt !== null ? new Date(expiresAt.getTime() - this.marginMs) : null;
    return { ...facts, ...windowState(facts, at), sendable, sendableUntil };
  }
}
