import { Command, SubCommand } from 'nest-commander';
import { ReplayInboxService, type ReplayReport } from '#intake';
import { HeraldSession } from '../herald-session.js';
import { print, row, warn } from '../output.js';
import { RefusedError } from '../usage-error.js';
import { CommandGroup, OperatorCommand } from './command.js';

/** `intake replay`: a line a table with its name, rows compared and rows that differ, separated by tabs. Ends with 1 when any differs. */
@SubCommand({
  name: 'replay',
  description:
    'Applies the whole inbox once more, beside the live tables, and compares. Prints table, rows compared, rows that differ',
})
export class IntakeReplayCommand extends OperatorCommand {
  constructor(private readonly herald: HeraldSession) {
    super();
  }

  override async run(): Promise<void> {
    const report = await this.herald.use((rooms) => rooms.get(ReplayInboxService).replay());
    for (const { table, compared, differing } of report.tables) print(row(table, compared, differing));
    for (const line of detailsOf(report)) warn(line);
    const differing = report.tables.reduce((sum, table) => sum + table.differing, 0);
    if (differing + report.failed.length > 0)
      throw new RefusedError(
        `${differing} rows differ from what ${report.notifications} notifications lead to, ${report.failed.length} items could not be applied. Nothing was changed`,
      );
  }
}

@Command({ name: 'intake', description: 'What Meta told', subCommands: [IntakeReplayCommand] })
export class IntakeCommands extends CommandGroup {}

function detailsOf({ tables, failed, leftOut }: ReplayReport): string[] {
  return [
    ...tables.flatMap(({ table, examples }) => examples.map((key) => `${table} differs: ${key}`)),
    ...failed.slice(0, 5).map(({ inboxId, idx, reason }) => `item ${idx} of ${inboxId} cannot be applied: ${reason}`),
    ...(leftOut > 0
      ? [`${leftOut} items were left out: they came before their sender was added, or could never be applied`]
      : []),
  ];
}
