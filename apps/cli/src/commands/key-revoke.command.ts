import { Option, SubCommand } from 'nest-commander';
import { type ApiKey, ClientDirectory, RevokeApiKeyService } from '#access';
import { HeraldSession } from '../herald-session.js';
import { print } from '../output.js';
import { RefusedError, UsageError } from '../usage-error.js';
import { OperatorCommand } from './command.js';
import { uuidValue } from './option-values.js';

/** Which key: by its id, or by the first characters that people recognise it by. */
interface KeyChoice {
  id?: string;
  prefix?: string;
}

/** `key revoke`: prints the id of the key. Revoking it again changes nothing. */
@SubCommand({ name: 'revoke', description: 'Revokes an API key. Prints its id' })
export class KeyRevokeCommand extends OperatorCommand {
  constructor(private readonly herald: HeraldSession) {
    super();
  }

  override async run(_args: string[], choice: KeyChoice): Promise<void> {
    if ((choice.id === undefined) === (choice.prefix === undefined)) {
      throw new UsageError('Say which key: either --id or --prefix');
    }
    const key = await this.herald.use(async (rooms) => {
      const { id, clientId } = await chooseKey(rooms.get(ClientDirectory), choice);
      return rooms.get(RevokeApiKeyService).revoke(clientId, id);
    });
    print(key.id);
  }

  @Option({ flags: '--id <id>', description: 'id of the key' })
  id(value: string): string {
    return uuidValue('--id')(value);
  }

  @Option({ flags: '--prefix <prefix>', description: 'the first characters of the key, as listings show them' })
  prefix(value: string): string {
    if (!/^hk_[\w-]{6}$/.test(value)) throw new UsageError('--prefix must be hk_ and the six characters behind it');
    return value;
  }
}

async function chooseKey(directory: ClientDirectory, { id, prefix }: KeyChoice): Promise<ApiKey> {
  const clients = await directory.list();
  const keys = (await Promise.all(clients.map((client) => directory.keys(client.id)))).flat();
  const chosen = keys.filter((key) => (id === undefined ? key.prefix === prefix : key.id === id));
  if (chosen.length > 1) {
    throw new RefusedError(
      `Several keys begin with ${prefix}: choose by --id from ${chosen.map((key) => key.id).join(', ')}`,
    );
  }
  const [key] = chosen;
  if (key === undefined)
    throw new RefusedError(`There is no key ${id === undefined ? `that begins with ${prefix}` : `of the id ${id}`}`);
  return key;
}
