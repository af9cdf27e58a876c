import { Command, SubCommand } from 'nest-commander';
import { Environment } from '#config';
import { READER_ROLE, ReaderNotGrantedError, SetUpReaderService } from '#reports';
import { HeraldSession } from '../herald-session.js';
import { print } from '../output.js';
import { RefusedError } from '../usage-error.js';
import { CommandGroup, OperatorCommand } from './command.js';

/** `reports reader`: prints the name of the role that may log in with REPORTING_PASSWORD now. */
@SubCommand({
  name: 'reader',
  description: 'Lets the role of schema reporting log in with REPORTING_PASSWORD: for Grafana. Prints its name',
})
export class ReportsReaderCommand extends OperatorCommand {
  constructor(private readonly herald: HeraldSession) {
    super();
  }

  override async run(): Promise<void> {
    await this.herald.use(async (rooms) => {
      const { REPORTING_PASSWORD: password } = rooms.get(Environment);
      if (password === undefined) throw new RefusedError('REPORTING_PASSWORD is not set: the role needs a password');
      await rooms
        .get(SetUpReaderService)
        .setUp(password)
        .catch((error: unknown) => {
          throw error instanceof ReaderNotGrantedError ? new RefusedError(error.message) : error;
        });
    });
    print(READER_ROLE);
  }
}

@Command({
  name: 'reports',
  description: 'Reports: who may read them in the database',
  subCommands: [ReportsReaderCommand],
})
export class ReportsCommands extends CommandGroup {}
