import { Injectable } from '@nestjs/common';
import { RecentReads } from '#access';
import { Database } from '#persistence';
import {
  findTemplate,
  listTemplates,
  type StoredTemplate,
  type TemplateSelection,
} from './queries/read-templates.query.js';

/** How old an answer of `find` may be, ms. */
const TTL_MS = 5_000;
const MAX_REMEMBERED = 5_000;

/** The templates that are stored. */
@Injectable()
export class TemplateDirectory {
  private readonly recent = new RecentReads<StoredTemplate>({ ttlMs: TTL_MS, maxEntries: MAX_REMEMBERED });

  constructor(private readonly database: Database) {}

  /** One template, up to 5 s old; null when it is not known. */
  find(key: Pick<StoredTemplate, 'wabaId' | 'name' | 'language'>): Promise<StoredTemplate | null> {
    const { wabaId, name, language } = key;
    return this.recent.get(`${wabaId} ${name} ${language}`, () => findTemplate(this.database, key));
  }

  /** Templates by WABA, name and language. Read afresh. */
  list(selection: TemplateSelection): Promise<StoredTemplate[]> {
    return listTemplates(this.database, selection);
  }

  /** Reads every template again on its next use. */
  forget(): void {
    this.recent.clear();
  }
}
