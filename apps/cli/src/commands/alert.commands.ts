import { Command, SubCommand } from 'nest-commander';
import { AlertDirectory } from '#delivery';
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

@Command({ name: 'alert', description: 'Alerts: what an operator should see to', subCommands: [AlertListCommand] })
export class AlertCommands extends CommandGroup {}
