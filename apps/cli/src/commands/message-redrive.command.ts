import type { INestApplicationContext } from '@nestjs/common';
import { Option, SubCommand } from 'nest-commander';
import { ClientDirectory } from '#access';
import { type EndedSelection, redrivableStates, RedriveMessagesService, type RedriveWish } from '#messages';
import { HeraldSession } from '../herald-session.js';
import { print, row } from '../output.js';
import { UsageError } from '../usage-error.js';
import { OperatorCommand } from './command.js';
import { instantValue, metaIdValue, uuidValue } from './option-values.js';

interface RedriveOptions {
  client?: string;
  from?: string;
  code?: number;
  reason?: string;
  tag?: string;
  after?: Date;
  before?: Date;
  because?: string;
  expiresAt?: Date;
  force?: boolean;
  preview?: boolean;
  limit?: number;
}

const DEFAULT_LIMIT = 10_000;

/**
 * `message redrive`: one message by id, or those that a filter holds. With `--preview` it prints a line a kind with count, state,
 * reason and code, separated by tabs, and changes nothing; else how many were redriven.
 */
@SubCommand({
  name: 'redrive',
  arguments: '[id]',
  description: 'Sends ended messages once more: one by id, or all that the filter holds. Prints how many',
})
export class MessageRedriveCommand extends OperatorCommand {
  constructor(private readonly herald: HeraldSession) {
    super();
  }

  override async run([given]: string[], options: RedriveOptions): Promise<void> {
    const filters = [
      options.client,
      options.from,
      options.code,
      options.reason,
      options.tag,
      options.after,
      options.before,
    ];
    if (given === undefined && filters.every((filter) => filter === undefined))
      throw new UsageError(
        'give the id of a message, or a filter: --client, --from, --code, --reason, --tag, --after, --before',
      );
    // With an id the filter would not narrow, and the preview would not only count.
    if (given !== undefined && (options.preview === true || filters.some((filter) => filter !== undefined)))
      throw new UsageError('give the id of a message, or a filter; --preview counts what a filter holds');
    const id = given === undefined ? null : uuidValue('the message id')(given);
    await this.herald.use(async (rooms) => {
      const redrive = rooms.get(RedriveMessagesService);
      const wish = toWish(options);
      if (id !== null) {
        await redrive.redriveOne(id, wish);
        return print('1');
      }
      const selection = await toSelection(rooms, options);
      if (options.preview === true) {
        const kinds = await redrive.preview(selection, selection.states);
        return print(...kinds.map(({ count, state, reason, errorCode }) => row(count, state, reason, errorCode)));
      }
      print(String(await redrive.redriveSelected(selection, wish, options.limit ?? DEFAULT_LIMIT)));
    });
  }

  @Option({ flags: '--client <name>', description: 'of this client (default: of every client)' })
  client(value: string): string {
    return value;
  }

  @Option({ flags: '--from <phone-number-id>', description: 'of this sender' })
  from(value: string): string {
    return metaIdValue('--from')(value);
  }

  @Option({ flags: '--code <code>', description: 'ended by this error of Meta' })
  code(value: string): number {
    return wholeNumber('--code', value);
  }

  @Option({ flags: '--reason <word>', description: 'ended for this reason, such as expired' })
  reason(value: string): string {
    return value;
  }

  @Option({ flags: '--tag <tag>', description: 'with this tag' })
  tag(value: string): string {
    return value;
  }

  @Option({ flags: '--after <instant>', description: 'created then or later' })
  after(value: string): Date {
    return instantValue('--after')(value);
  }

  @Option({ flags: '--before <instant>', description: 'created earlier' })
  before(value: string): Date {
    return instantValue('--before')(value);
  }

  @Option({ flags: '--because <text>', description: 'why, for the timeline' })
  because(value: string): string {
    return value.slice(0, 500);
  }

  @Option({ flags: '--expires-at <instant>', description: 'not to be sent later (default: a new time to live)' })
  expiresAt(value: string): Date {
    return instantValue('--expires-at')(value);
  }

  @Option({ flags: '--force', description: 'also unknown messages, which may have arrived' })
  force(): boolean {
    return true;
  }

  @Option({ flags: '--preview', description: 'only counts, by kind' })
  preview(): boolean {
    return true;
  }

  @Option({ flags: '--limit <n>', description: `the most messages (default: ${DEFAULT_LIMIT})` })
  limit(value: string): number {
    return wholeNumber('--limit', value);
  }
}

const toWish = ({ force, because, expiresAt }: RedriveOptions): RedriveWish => ({
  by: 'operator',
  keyId: null,
  isForced: force ?? false,
  why: because ?? null,
  expiresAt: expiresAt ?? null,
});

async function toSelection(rooms: INestApplicationContext, options: RedriveOptions): Promise<EndedSelection> {
  const { client, from, code, reason, tag, after, before, force } = options;
  return {
    clientId: client === undefined ? null : await clientIdOf(rooms, client),
    senders: null,
    states: redrivableStates(force ?? false),
    from: from ?? null,
    errorCode: code ?? null,
    reason: reason ?? null,
    tag: tag ?? null,
    createdAfter: after ?? null,
    createdBefore: before ?? null,
  };
}

async function clientIdOf(rooms: INestApplicationContext, name: string): Promise<string> {
  const client = await rooms.get(ClientDirectory).named(name);
  if (client === null) throw new Error(`There is no client named ${name}`);
  return client.id;
}

function wholeNumber(option: string, value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new UsageError(`${option} must be a whole number`);
  return Number(value);
}
