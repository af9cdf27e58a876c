import { Option, SubCommand } from 'nest-commander';
import { CreateApiKeyService, EnsureClientService, type Grant } from '#access';
import { HeraldSession } from '../herald-session.js';
import { print } from '../output.js';
import { OperatorCommand } from './command.js';
import { nameValue, scopesValue, sendersValue } from './option-values.js';

/** `key create`: prints the key, which nobody can be shown again. */
@SubCommand({ name: 'create', description: 'Makes an API key, and its client if that is new. Prints the key' })
export class KeyCreateCommand extends OperatorCommand {
  constructor(private readonly herald: HeraldSession) {
    super();
  }

  override async run(_args: string[], { client, ...grant }: Grant & { client: string }): Promise<void> {
    const { key } = await this.herald.use(async (rooms) => {
      const { id: clientId } = await rooms.get(EnsureClientService).ensure(client);
      return rooms.get(CreateApiKeyService).create({ clientId, ...grant });
    });
    print(key);
  }

  @Option({ flags: '--client <name>', description: 'name of the client', required: true })
  client(value: string): string {
    return nameValue(value);
  }

  @Option({ flags: '--scopes <list>', description: 'all, or messages:write,messages:read,…', required: true })
  scopes(value: string): Grant['scopes'] {
    return scopesValue(value);
  }

  @Option({ flags: '--senders <list>', description: 'all, or phone number ids', required: true })
  senders(value: string): Grant['senders'] {
    return sendersValue(value);
  }
}
