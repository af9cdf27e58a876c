import { spawnSync } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';

/** Who runs the server, as `spawn` takes it; an empty object is whoever runs Node. */
export type PostgresUser = { uid: number; gid: number } | Record<string, never>;

/** Plain users that a root process lends to Postgres, which refuses to run as root. */
const LENT_USERS = ['postgres', 'nobody'];

/** The user to run the server of a data folder as: the folder's owner, if root has started one on it before. */
export async function choosePostgresUser(dataFolder: string): Promise<PostgresUser> {
  if (process.getuid?.() !== 0) return {};
  const owner = await stat(dataFolder).catch(() => undefined);
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const accounts = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  for (const name of LENT_USERS) {
    const account = accounts.find(([accountName]) => accountName === name);
    if (account) return { uid: Number(account[2]), gid: Number(account[3]) };
  }
  throw new Error(`Postgres does not run as root, and there is no user ${LENT_USERS.join(' or ')} to run it as`);
}

/** Whether a user may enter all these folders. Asked of the system, which knows modes, groups and access lists. */
export function canEnter(user: PostgresUser, folders: string[]): boolean {
  const script = 'for folder; do cd "$folder" || exit 1; done';
  const { status } = spawnSync('/bin/sh', ['-c', script, 'sh', ...folders], { ...user, cwd: '/', stdio: 'ignore' });
  return status === 0;
}
