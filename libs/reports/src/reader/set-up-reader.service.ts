import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database, sqlState, type Statement } from '#persistence';
import { scramVerifier } from '../domain/scram-verifier.js';
import { ReaderNotGrantedError } from './reader.errors.js';

/** The role that dashboards and other readers of schema reporting log in as. */
export const READER_ROLE = 'herald_reporting';

const INSUFFICIENT_PRIVILEGE = '42501';
const GRANT: Statement = { name: 'grant-reader', sql: 'SELECT reporting.set_up_reader() AS outcome' };
const LET_LOG_IN: Statement = {
  name: 'let-reader-log-in',
  sql: `SELECT format('ALTER ROLE ${READER_ROLE} LOGIN PASSWORD %L', $1::text) AS sql`,
};

/** Lets the role of reports log in with a password. Safe to run again, which changes the password. */
@Injectable()
export class SetUpReaderService {
  constructor(private readonly database: Database) {}

  /** @throws ReaderNotGrantedError */
  async setUp(password: string): Promise<void> {
    const [granted] = await this.database.query<{ outcome: string }>(GRANT, []);
    if (granted?.outcome !== 'granted') throw new ReaderNotGrantedError(granted?.outcome);
    const [alter] = await this.database.query<{ sql: string }>(LET_LOG_IN, [scramVerifier(password, randomBytes(16))]);
    try {
      await this.database.query({ name: '', sql: alter?.sql ?? '' }, []);
    } catch (error) {
      if (sqlState(error) !== INSUFFICIENT_PRIVILEGE) throw error;
      throw new ReaderNotGrantedError(
        `The user of DATABASE_URL may not change the role ${READER_ROLE}: let an administrator run ALTER ROLE ${READER_ROLE} LOGIN PASSWORD '…'`,
        { cause: error },
      );
    }
  }
}
