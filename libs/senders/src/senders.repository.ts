import { Injectable } from '@nestjs/common';
import { Database } from '#persistence';
import type { Sender } from './domain/sender.js';

/** An encrypted access token, and what a request with it is accounted to. */
export interface EncryptedCredentials {
  accessTokenId: string;
  appId: string;
  wabaId: string;
  portfolioId: string;
  ciphertext: string;
  fingerprint: Uint8Array;
}

/** Senders as Postgres holds them. */
@Injectable()
export class SendersRepository {
  constructor(private readonly database: Database) {}

  /** Every sender, or those of the given phone number ids, in the order of their ids. */
  async list(only?: readonly string[]): Promise<Sender[]> {
    const rows = await this.database.prisma.sender.findMany({
      where: only && { phoneNumberId: { in: [...only] } },
      orderBy: { phoneNumberId: 'asc' },
      include: WITH_OWNERS,
    });
    return rows.map(toSender);
  }

  async find(phoneNumberId: string): Promise<Sender | null> {
    const row = await this.database.prisma.sender.findUnique({ where: { phoneNumberId }, include: WITH_OWNERS });
    return row && toSender(row);
  }

  /** The first sender of a WABA, by its id. */
  async someSenderOf(wabaId: string): Promise<string | null> {
    const row = await this.database.prisma.sender.findFirst({
      where: { wabaId },
      orderBy: { phoneNumberId: 'asc' },
      select: { phoneNumberId: true },
    });
    return row?.phoneNumberId ?? null;
  }

  async credentials(phoneNumberId: string): Promise<EncryptedCredentials | null> {
    const row = await this.database.prisma.sender.findUnique({
      where: { phoneNumberId },
      include: { waba: true, accessToken: true },
    });
    if (row === null) return null;
    const { accessToken, waba } = row;
    return {
      accessTokenId: accessToken.id,
      appId: accessToken.appId,
      wabaId: waba.id,
      portfolioId: waba.portfolioId,
      ciphertext: accessToken.ciphertext,
      fingerprint: accessToken.fingerprint,
    };
  }
}

const WITH_OWNERS = {
  waba: true,
  accessToken: { select: { appId: true } },
} as const;

interface SenderRow extends Pick<Sender, 'phoneNumberId' | 'displayNumber' | 'listeningSince' | 'createdAt'> {
  waba: { id: string; portfolioId: string; currency: string; timezone: string };
  accessToken: { appId: string };
}

function toSender({ phoneNumberId, displayNumber, listeningSince, createdAt, waba, accessToken }: SenderRow): Sender {
  return {
    phoneNumberId,
    wabaId: waba.id,
    portfolioId: waba.portfolioId,
    appId: accessToken.appId,
    displayNumber,
    currency: waba.currency,
    timezone: waba.timezone,
    listeningSince,
    createdAt,
  };
}
