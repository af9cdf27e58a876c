import { Injectable } from '@nestjs/common';
import { GraphTemplates, type TemplateResult } from '#graph-api';
import { SenderDirectory } from '#senders';
import type { StoredTemplate } from './queries/read-templates.query.js';
import { SyncTemplatesService } from './sync-templates.service.js';
import { TemplateDirectory } from './template-directory.js';
import { TemplateChangeRefusedError, TemplateNotFoundError, TemplatesUnreachableError } from './templates.errors.js';

/** Creates, edits and deletes templates at Meta; what is stored follows. */
@Injectable()
export class ManageTemplatesService {
  constructor(
    private readonly graph: GraphTemplates,
    private readonly senders: SenderDirectory,
    private readonly sync: SyncTemplatesService,
    private readonly directory: TemplateDirectory,
  ) {}

  /**
   * Creates a template.
   * @param definition in Meta's shape; Meta judges it
   * @throws TemplateChangeRefusedError, TemplatesUnreachableError
   */
  async create(wabaId: string, definition: object): Promise<StoredTemplate> {
    const created = orThrow(await this.graph.create(wabaId, await this.token(wabaId), definition));
    await this.sync.syncAll(wabaId);
    return this.one(wabaId, created.id);
  }

  /** Edits a template; `changes` as Meta has them. @throws TemplateChangeRefusedError, TemplatesUnreachableError */
  async edit({ wabaId, id }: StoredTemplate, changes: object): Promise<StoredTemplate> {
    orThrow(await this.graph.edit(id, await this.token(wabaId), changes));
    await this.sync.syncAll(wabaId);
    return this.one(wabaId, id);
  }

  /** Deletes one language of a template. @throws TemplateChangeRefusedError, TemplatesUnreachableError */
  async delete({ wabaId, id, name }: StoredTemplate): Promise<void> {
    orThrow(await this.graph.delete(wabaId, await this.token(wabaId), { id, name }));
    await this.sync.syncAll(wabaId);
  }

  private async one(wabaId: string, id: string): Promise<StoredTemplate> {
    const [found] = await this.directory.list({ ...ALL, wabaIds: [wabaId], id });
    // It is there; Meta does not list it yet, or could not be asked once more.
    if (found === undefined) throw new TemplatesUnreachableError();
    return found;
  }

  private async token(wabaId: string): Promise<string> {
    const token = await this.senders.accessTokenOfWaba(wabaId);
    if (token === null) throw new TemplateNotFoundError();
    return token;
  }
}

/** A selection that does not narrow. */
export const ALL = { id: null, name: null, status: null, category: null, language: null };

function orThrow<T>(result: TemplateResult<T>): T {
  if (result.kind === 'done') return result.value;
  throw result.kind === 'refused'
    ? new TemplateChangeRefusedError(result.code, result.details)
    : new TemplatesUnreachableError();
}
