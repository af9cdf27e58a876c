import { URLSearchParams } from 'node:url';
import pg from 'pg';

/** Prisma's default for `connect_timeout`, in seconds; `pg` alone would wait for ever. */
const CONNECT_TIMEOUT_SECONDS = 5;

/**
 * What a connection URL means, as `pg` settings. `pg` itself reads the URL (percent-encoding, `sslmode`, `sslrootcert`,
 * `host=/socket/folder`), so the engine connects exactly as Herald's own pool does. Two of Prisma's query parameters are
 * added: `schema` (default `public`) and `connect_timeout` (seconds).
 *
 * The result has separate fields and no connection string, because a connection string would win over `database` and
 * there could be no maintenance or shadow database. Throws `P1013` for anything that is not such a URL.
 */
export function connectionFromUrl(url) {
  const { host, port, user, password, database, ssl, connectionParameters } = readUrl(url);
  const parameters = new URLSearchParams(url.split('?')[1] ?? '');
  const schema = parameters.get('schema') || 'public';
  return {
    schema,
    pool: {
      host,
      port,
      user,
      password,
      database,
      ssl,
      options: [connectionParameters.options, searchPathOption(schema)].filter(Boolean).join(' ') || undefined,
      connectionTimeoutMillis: 1000 * Number(parameters.get('connect_timeout') || CONNECT_TIMEOUT_SECONDS),
      application_name: 'herald-schema-engine',
    },
  };
}

/** The same server and login, another database. */
export function withDatabase(connection, database) {
  return { ...connection, pool: { ...connection.pool, database } };
}

/** The same server and login, no schema of its own: what may be used before the schema exists. */
export function withoutSchema({ pool }) {
  return { schema: 'public', pool: { ...pool, options: undefined } };
}

function readUrl(url) {
  try {
    if (/^postgres(ql)?:\/\//.test(url)) return new pg.Client({ connectionString: url });
  } catch {
    // What pg says of a URL may hold its password.
  }
  const hint = 'it starts with postgresql://, and special characters of the password are percent-encoded';
  throw Object.assign(new Error(`DATABASE_URL is not a valid connection URL (${hint})`), { code: 'P1013' });
}

/** A `-c` option is split at spaces, which a backslash prevents. */
function searchPathOption(schema) {
  return schema === 'public' ? '' : `-c search_path=${pg.escapeIdentifier(schema).replace(/[\\ ]/g, '\\$&')}`;
}
