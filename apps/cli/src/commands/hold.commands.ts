import { Command, Option, SubCommand } from 'nest-commander';
import { HOLD_SCOPES, HoldDirectory, type HoldScope, HoldService } from '#delivery';
import { HeraldSession } from '../herald-session.js';
import { print, row } from '../output.js';
import { UsageError } from '../usage-error.js';
import { CommandGroup, OperatorCommand } from './command.js';

/** `hold list`: a line a hold with scope, id, code, until (-: until lifted) and reason, separated by tabs. */
@SubCommand({ name: 'list', description: 'Lists what holds sending back: scope, id, code, until, reason' })
export class HoldListCommand extends OperatorCommand {
  constructor(private readonly herald: HeraldSession) {
    super();
  }

  override async run(): Promise<void> {
    const holds = await this.herald.use((rooms) => rooms.get(HoldDirectory).list());
    for (const { scope, scopeId, errorCode, until, reason } of holds) {
      print(row(scope, scopeId, errorCode, until, reason));
    }
  }
}

/** `hold lift`: ends a hold, and the alert of its pause; what it held is sent by itself. */
@SubCommand({ name: 'lift', description: 'Lifts a hold; what it held is sent by itself' })
export class HoldLiftCommand extends OperatorCommand {
  constructor(private readonly herald: HeraldSession) {
    super();
  }

  override async run(_words: string[], { scope, id }: { scope: HoldScope; id: string }): Promise<void> {
    const isLifted = await this.herald.use((rooms) => rooms.get(HoldService).release({ scope, scopeId: id }));
    if (!isLifted) throw new Error(`Nothing is held on ${scope} ${id}`);
  }

  @Option({ flags: '--scope <scope>', description: HOLD_SCOPES.join(', '), required: true })
  parseScope(value: string): HoldScope {
    const scope = HOLD_SCOPES.find((known) => known === value);
    if (scope === undefined) throw new UsageError(`--scope must be one of ${HOLD_SCOPES.join(', ')}`);
    return scope;
  }

  @Option({ flags: '--id <id>', description: 'as `hold list` shows it', required: true })
  parseId(value: string): string {
    return value;
  }
}

@Command({ name: 'hold', description: 'Holds: why sending waits', subCommands: [HoldListCommand, HoldLiftCommand] })
export class HoldCommands extends CommandGroup {}
