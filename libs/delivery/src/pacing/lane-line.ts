import { setTimeout as sleep } from 'node:timers/promises';
import type { SlotAnswers } from './domain/reserve-slots.js';
import type { DeferredMessage } from './queries/defer-messages.query.js';
import type { DueMessage } from './queries/read-due-messages.query.js';

/** A message with its moment on the wire, ms of `performance.now()`. `release` is to be called once its claim was tried. */
export interface SlottedMessage {
  message: DueMessage;
  slotAt: number;
  release: () => void;
}

/** What a line does with its messages. None of these rejects. */
export interface LineSteps {
  reserve(messages: readonly DueMessage[]): Promise<SlotAnswers>;
  /** Resolves when all of them are settled, or somebody else's. */
  send(messages: readonly SlottedMessage[]): Promise<void>;
  defer(messages: readonly DeferredMessage[]): Promise<void>;
  /** Gives messages back to the feeder. */
  leave(messages: readonly DueMessage[]): Promise<void>;
}

export interface LineOptions {
  /** The most messages of one reservation. */
  batchSize: number;
  /** How long a message may wait for a slot before it is given back; 0: it is given back at once. */
  patienceMs: number;
  /** Ids of the messages that have a slot and are not claimed yet; all lines of a process share it. */
  slotted: Set<string>;
}

interface Waiting {
  message: DueMessage;
  since: number;
  done: () => void;
}

/**
 * The messages of one lane and priority that wait in this process for a slot. Whatever jobs brought them, they share one
 * reservation at a time, so that a crowded lane costs no more statements than a free one.
 */
export class LaneLine {
  private readonly waiting: Waiting[] = [];
  private readonly ids = new Set<string>();
  private readonly stopped = new AbortController();
  private isRunning = false;

  constructor(
    private readonly steps: LineSteps,
    private readonly options: LineOptions,
  ) {}

  /** Resolves when all of them are settled, deferred or given back. One that is in the line already is left to whoever brought it. */
  async join(messages: readonly DueMessage[]): Promise<void> {
    const since = performance.now();
    const done = messages
      .filter(({ messageId }) => !this.ids.has(messageId))
      .map((message) => new Promise<void>((done) => this.waiting.push({ message, since, done })));
    for (const { messageId } of messages) this.ids.add(messageId);
    if (!this.isRunning) void this.run();
    await Promise.all(done);
  }

  /** Gives back whatever has no slot yet, and whoever joins from now on. */
  stop(): void {
    this.stopped.abort();
  }

  get isEmpty(): boolean {
    return this.waiting.length === 0 && !this.isRunning;
  }

  private async run(): Promise<void> {
    this.isRunning = true;
    while (this.waiting.length > 0) {
      if (this.stopped.signal.aborted) {
        this.leave(this.waiting.splice(0));
        break;
      }
      const batch = this.dropSlotted(this.waiting.splice(0, this.options.batchSize));
      if (batch.length === 0) continue;
      const { answers, againMs } = await this.steps.reserve(batch.map(({ message }) => message));
      const rest = this.handOut(batch, answers);
      const patientSince = performance.now() - this.options.patienceMs;
      this.leave(rest.filter(({ since }) => since <= patientSince));
      this.waiting.unshift(...rest.filter(({ since }) => since > patientSince));
      if (rest.length > 0 && this.options.patienceMs > 0)
        await sleep(againMs, undefined, { signal: this.stopped.signal }).catch(() => undefined);
    }
    this.isRunning = false;
  }

  /** Another job may have brought the same message, and it has its slot: a second one would be wasted. */
  private dropSlotted(batch: readonly Waiting[]): Waiting[] {
    const { slotted } = this.options;
    this.finish(
      batch.filter(({ message }) => slotted.has(message.messageId)),
      () => Promise.resolve(),
    );
    return batch.filter(({ message }) => !slotted.has(message.messageId));
  }

  /** @returns those that got nothing */
  private handOut(batch: readonly Waiting[], answers: SlotAnswers['answers']): Waiting[] {
    const now = performance.now();
    const answerOf = new Map(batch.map((waiting, i) => [waiting, answers[i] ?? ({ kind: 'none' } as const)]));
    const afterMs = (waiting: Waiting) => {
      const answer = answerOf.get(waiting);
      return answer === undefined || answer.kind === 'none' ? 0 : answer.afterMs;
    };
    const [slotted, deferred, rest] = (['slot', 'pair', 'none'] as const).map((kind) =>
      batch.filter((waiting) => answerOf.get(waiting)?.kind === kind),
    );
    this.finish(slotted ?? [], (all) =>
      this.steps.send(all.map((waiting) => ({ ...this.take(waiting.message), slotAt: now + afterMs(waiting) }))),
    );
    this.finish(deferred ?? [], (all) =>
      this.steps.defer(
        all.map((waiting) => ({
          messageId: waiting.message.messageId,
          reason: 'pair_pace' as const,
          afterMs: afterMs(waiting),
        })),
      ),
    );
    return rest ?? [];
  }

  private take(message: DueMessage): Pick<SlottedMessage, 'message' | 'release'> {
    const { slotted } = this.options;
    slotted.add(message.messageId);
    return { message, release: () => slotted.delete(message.messageId) };
  }

  private leave(given: readonly Waiting[]): void {
    this.finish(given, (all) => this.steps.leave(all.map(({ message }) => message)));
  }

  /** What is handed out may be due again before the last of its batch is settled, and may then join anew. */
  private finish(handled: readonly Waiting[], work: (messages: readonly Waiting[]) => Promise<void>): void {
    if (handled.length === 0) return;
    for (const { message } of handled) this.ids.delete(message.messageId);
    void work(handled).finally(() => handled.forEach(({ done }) => done()));
  }
}
