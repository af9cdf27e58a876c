import { Injectable } from '@nestjs/common';
import type { MetaMessage } from '#graph-api';
import { Logger } from '#observability';
import { Database } from '#persistence';
import { ourMessageId, renameTargets, targetsOf } from './domain/message-targets.js';
import { findTargets, type Target } from './queries/find-targets.query.js';
import { releaseWaiting } from './queries/release-waiting.query.js';

/** A message that may name others. */
export interface NamingMessage {
  clientId: string;
  phoneNumberId: string;
  content: MetaMessage | null;
}

/** Messages that others name, by id; 'unreadable' when the database could not be asked just now. */
export type FoundTargets = ReadonlyMap<string, Target> | 'unreadable';

/** The message with Meta's names of those that it names, or why it cannot be sent (now). */
export type TargetedMessage =
  | { kind: 'ready'; content: MetaMessage | null }
  | { kind: 'awaits_target'; targetId: string }
  | { kind: 'target_not_sent' }
  | { kind: 'targets_not_read' };

/** Most messages let go at once. */
const RELEASE_BATCH = 1_000;

/** Replies, reactions and pins to messages of ours: Meta knows those by a wamid that only their own sending brings. */
@Injectable()
export class TargetsService {
  constructor(
    private readonly database: Database,
    private readonly logger: Logger,
  ) {}

  /** The messages of ours that some messages name, in one statement; none when they name none. Never rejects. */
  async find(messages: readonly NamingMessage[]): Promise<FoundTargets> {
    const ids = [...new Set(messages.flatMap(({ content }) => (content === null ? [] : targetsOf(content))))];
    if (ids.length === 0) return new Map();
    try {
      return new Map((await findTargets(this.database, ids)).map((target) => [target.id, target]));
    } catch (error) {
      this.logger.warn('targets.not_read', { count: ids.length }, error);
      return 'unreadable';
    }
  }

  /** The message as Meta can read it. A target must be of the same client and sender: another's is as if it were not there. */
  name({ clientId, phoneNumberId, content }: NamingMessage, found: FoundTargets): TargetedMessage {
    const ids = content === null ? [] : targetsOf(content);
    if (content === null || ids.length === 0) return { kind: 'ready', content };
    if (found === 'unreadable') return { kind: 'targets_not_read' };
    const wamids = new Map<string, string>();
    for (const id of ids) {
      const target = found.get(id);
      if (target?.clientId !== clientId || target.phoneNumberId !== phoneNumberId) return { kind: 'target_not_sent' };
      if (isUnderWay(target)) return { kind: 'awaits_target', targetId: id };
      if (target.wamid === null) return { kind: 'target_not_sent' };
      wamids.set(id, target.wamid);
    }
    return {
      kind: 'ready',
      content: renameTargets(content, (reference) => wamids.get(ourMessageId(reference) ?? '') ?? reference),
    };
  }

  /** Lets go what waits for a message that has been sent by now, or never will be. */
  async release(): Promise<void> {
    let released: number;
    do released = await releaseWaiting(this.database, RELEASE_BATCH);
    while (released === RELEASE_BATCH);
  }
}

/** Whether Meta may still give a message its wamid. */
export const isUnderWay = ({ state, wamid }: Target) =>
  wamid === null && (state === 'queued' || state === 'sending' || state === 'uncertain');
