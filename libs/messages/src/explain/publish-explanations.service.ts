import { Injectable } from '@nestjs/common';
import { Database } from '#persistence';
import { EXPLANATIONS } from './explanations.js';
import { publishExplanations } from './queries/publish-explanations.query.js';

/** Gives the view `message_explained` the words of this version. Workers do it when they start; safe to run twice. */
@Injectable()
export class PublishExplanationsService {
  constructor(private readonly database: Database) {}

  async publish(): Promise<void> {
    await this.database.transaction((tx) => publishExplanations(tx, EXPLANATIONS));
  }
}
