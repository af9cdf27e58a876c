import { Command, Option, SubCommand } from 'nest-commander';
import { isMonth, MonthsService } from '#delivery';
import { HeraldSession } from '../herald-session.js';
import { print, row } from '../output.js';
import { RefusedError, UsageError } from '../usage-error.js';
import { CommandGroup, OperatorCommand } from './command.js';

/** `partitions list`: a line a month (UTC) with its name, bytes with indexes, and about how many messages it has, separated by tabs. */
@SubCommand({ name: 'list', description: 'Prints the months there are: month, bytes, messages (about)' })
export class PartitionListCommand extends OperatorCommand {
  constructor(private readonly herald: HeraldSession) {
    super();
  }

  override async run(): Promise<void> {
    const months = await this.herald.use((rooms) => rooms.get(MonthsService).list());
    for (const { month, bytes, messages } of months) print(row(month, bytes, messages));
  }
}

/** `partitions drop --before <month>`: drops months, oldest first, and prints each. Ends with 1 when one of them is not over. */
@SubCommand({
  name: 'drop',
  description: 'Drops the rows of every month before one, oldest first, as far as all of a month is over. Prints each',
})
export class PartitionDropCommand extends OperatorCommand {
  constructor(private readonly herald: HeraldSession) {
    super();
  }

  override async run(_arguments: string[], { before }: { before?: string }): Promise<void> {
    if (before === undefined) throw new UsageError('--before is required: a month, as 2026-01');
    const { dropped, blocked } = await this.herald.use((rooms) => rooms.get(MonthsService).dropBefore(before));
    for (const month of dropped) print(month);
    if (blocked !== null) throw new RefusedError(`${blocked.month} is not over: ${blocked.open.join(', ')}`);
  }

  @Option({ flags: '--before <month>', description: 'the first month that is kept, as 2026-01' })
  parseBefore(value: string): string {
    if (!isMonth(value)) throw new UsageError('--before must be a month, as 2026-01');
    return value;
  }
}

@Command({
  name: 'partitions',
  description: 'Months of rows',
  subCommands: [PartitionListCommand, PartitionDropCommand],
})
export class PartitionCommands extends CommandGroup {}
