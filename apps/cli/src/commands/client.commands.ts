import { Command, Option, SubCommand } from 'nest-commander';
import { CreateClientService } from '#access';
import { HeraldSession } from '../herald-session.js';
import { print } from '../output.js';
import { CommandGroup, OperatorCommand } from './command.js';
import { nameValue } from './option-values.js';

/** `client add`: prints the id of the client. */
@SubCommand({ name: 'add', description: 'Adds a client: an internal system that sends messages. Prints its id' })
export class ClientAddCommand extends OperatorCommand {
  constructor(private readonly herald: HeraldSession) {
    super();
  }

  override async run(_args: string[], { name }: { name: string }): Promise<void> {
    const client = await this.herald.use((rooms) => rooms.get(CreateClientService).create(name));
    print(client.id);
  }

  @Option({ flags: '--name <name>', description: 'name of the client', required: true })
  name(value: string): string {
    return nameValue(value);
  }
}

@Command({ name: 'client', description: 'Clients', subCommands: [ClientAddCommand] })
export class ClientCommands extends CommandGroup {}
