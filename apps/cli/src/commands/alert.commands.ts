import { Command, Option, SubCommand } from 'nest-commander';
import { AlertDirectory, CloseAlertService } from '#delivery';
import { HeraldSession } from '../herald-session.js';
import { print, row } from '../output.js';
import { CommandGroup, OperatorCommand } from './command.js';

/** `alert list`: a line an open alert with kind, scope, id, sightings, last sighting and advice, separated by tabs. */
@SubCommand({ name: 'list', description: 'Lists open alerts: kind, scope, id, sightings, last seen, what to do' })
export class AlertListCommand extends OperatorCommand {
  constructor(private readonly herald: HeraldSession) {
    super();
  }

  override async run(): Promise<void> {
    const alerts = await this.herald.use((rooms) => rooms.get(AlertDirectory).list());
    for (const { kind, scope, scopeId, count, lastSeenAt, advice } of alerts) {
      print(row(kind, scope, scopeId, count, lastSeenAt, advice));
    }
  }
}

/** `alert close`: closes an alert that tells of something that happened; those with a cause close when it ends. */
@SubCommand({ name: 'close', description: 'Closes an alert that tells of something that happened' })
export class AlertCloseCommand extends OperatorCommand {
  constructor(private readonly herald: HeraldSession) {
    super();
  }

  override async run(
    _words: string[],
    { kind, scope, id }: { kind: string; scope: string; id: string },
  ): Promise<void> {
    const result = await this.herald.use((rooms) => rooms.get(CloseAlertService).close({ kind, scope, scopeId: id }));
    if (result === 'not_open') throw new Error(`No alert ${kind} is open on ${scope} ${id}`);
    if (result === 'has_cause')
      throw new Error(`${kind} closes by itself when its cause ends: lift its hold, or do what \`alert list\` says`);
  }

  @Option({ flags: '--kind <kind>', description: 'as `alert list` shows it', required: true })
  parseKind(value: string): string {
    return value;
  }

  @Option({ flags: '--scope <scope>', description: 'as `alert list` shows it', required: true })
  parseScope(value: string): string {
    return value;
  }

  @Option({ flags: '--id <id>', description: 'as `alert list` shows it', required: true })
  parseId(value: string): string {
    return value;
  }
}

@Command({
  name: 'alert',
  description: 'Alerts: what an operator should see to',
  subCommands: [AlertListCommand, AlertCloseCommand],
})
export class AlertCommands extends CommandGroup {}
