/** How an embedded server is set up. */
export interface PostgresSettings {
  port: number;
  /** False lets the server skip flushing to disk, for data that nobody needs after a crash. */
  isDurable: boolean;
  /** What is set otherwise than here, such as `max_connections`. */
  settings?: Readonly<Record<string, string | number>>;
}

/** Arguments of `initdb` that make every cluster alike, whatever the machine's locale is. */
export function initdbArguments({ isDurable }: Pick<PostgresSettings, 'isDurable'>): string[] {
  return [
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--no-locale',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    ...(isDurable ? [] : ['--no-sync']),
  ];
}

/** Arguments of `postgres`. */
export function serverArguments({ port, isDurable, settings: own = {} }: PostgresSettings): string[] {
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 100,
    shared_buffers: '128MB',
    timezone: 'UTC',
    log_timezone: 'UTC',
    jit: 'off',
    synchronous_commit: 'on',
    // Statements and details quote rows: phone numbers and message bodies stay out of the server's log.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    ...(isDurable ? {} : { fsync: 'off', full_page_writes: 'off' }),
    ...own,
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
