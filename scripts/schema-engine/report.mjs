/**
 * Writes a line for the Prisma CLI, which reads its engine's stderr as JSON lines and shows the message of the last
 * ERROR. `errorCode` is one of Prisma's (`P1001`: server not reachable, `P1003`: database does not exist).
 */
export function report(level, message, errorCode) {
  const fields = { message, ...(errorCode && { error_code: errorCode }) };
  process.stderr.write(JSON.stringify({ level, target: 'schema_engine::logger', fields }) + '\n');
}

/** Reports the error that ends the process. The blank line is for the Prisma CLI, which skips the first one. */
export function reportFatal(error) {
  process.stderr.write('\n');
  report('ERROR', error.message, error.code ?? 'P1017');
}

/** A `pg` error as Prisma names it, by code and by a message in which the password of the URL is not. */
export function toPrismaError(error, { host, port, database }) {
  const reason = error.message || error.errors?.map(({ message }) => message).join('; ');
  switch (error.code) {
    case '3D000':
      return prismaError('P1003', `Database \`${database}\` does not exist`);
    case '28P01':
    case '28000':
      return prismaError('P1000', `Authentication failed against the database server at \`${host}:${port}\``);
    case '42501':
      return prismaError('P1010', `Access to database \`${database}\` was denied (${reason})`);
    default:
      return prismaError('P1001', `Can't reach database server at \`${host}:${port}\` (${reason})`);
  }
}

function prismaError(code, message) {
  return Object.assign(new Error(message), { code });
}
