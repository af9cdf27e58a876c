import { Injectable } from '@nestjs/common';
import { mayUseSender, type Principal } from '#access';
import { SenderDirectory, UnknownSenderError } from '#senders';
import {
  ALL_TEMPLATES,
  ManageTemplatesService,
  type StoredTemplate,
  SyncTemplatesService,
  TemplateDirectory,
  TemplateNotFoundError,
  type TemplateSelection,
  TemplatesUnreachableError,
} from '#templates';
import { SenderNotAllowedError } from '../senders/senders.errors.js';

/** Templates for a caller: those of accounts that a sender of its key belongs to. */
@Injectable()
export class UseTemplatesService {
  constructor(
    private readonly senders: SenderDirectory,
    private readonly directory: TemplateDirectory,
    private readonly syncTemplates: SyncTemplatesService,
    private readonly manage: ManageTemplatesService,
  ) {}

  /** @throws SenderNotAllowedError, UnknownSenderError when `from` names a sender that is not the key's, or none */
  async list(principal: Principal, from: string | null, filter: Partial<TemplateSelection>): Promise<StoredTemplate[]> {
    const wabaIds = from === null ? await this.accounts(principal) : [await this.accountOf(principal, from)];
    return this.directory.list({ ...ALL_TEMPLATES, ...filter, wabaIds });
  }

  /** Those of an account in every language. @throws TemplateNotFoundError when no sender of the key belongs to it */
  async ofAccount(principal: Principal, wabaId: string, filter: Partial<TemplateSelection>): Promise<StoredTemplate[]> {
    if (!(await this.accounts(principal)).includes(wabaId)) throw new TemplateNotFoundError();
    return this.directory.list({ ...ALL_TEMPLATES, ...filter, wabaIds: [wabaId] });
  }

  /** @throws TemplateNotFoundError */
  async get(principal: Principal, id: string): Promise<StoredTemplate> {
    const wabaIds = await this.accounts(principal);
    const [found] = await this.directory.list({ ...ALL_TEMPLATES, wabaIds, id });
    if (found === undefined) throw new TemplateNotFoundError();
    return found;
  }

  /** Reads an account's templates from Meta. @returns how many. @throws SenderNotAllowedError, UnknownSenderError, TemplatesUnreachableError */
  async sync(principal: Principal, from: string): Promise<number> {
    const count = await this.syncTemplates.syncAll(await this.accountOf(principal, from));
    if (count === null) throw new TemplatesUnreachableError();
    return count;
  }

  /** @throws what `ManageTemplatesService.create` throws, SenderNotAllowedError, UnknownSenderError */
  async create(principal: Principal, from: string, definition: object): Promise<StoredTemplate> {
    return this.manage.create(await this.accountOf(principal, from), definition);
  }

  /** @throws what `ManageTemplatesService.edit` throws, TemplateNotFoundError */
  async edit(principal: Principal, id: string, changes: object): Promise<StoredTemplate> {
    return this.manage.edit(await this.get(principal, id), changes);
  }

  /** @throws what `ManageTemplatesService.delete` throws, TemplateNotFoundError */
  async delete(principal: Principal, id: string): Promise<void> {
    await this.manage.delete(await this.get(principal, id));
  }

  private async accounts({ senders }: Principal): Promise<string[]> {
    const own = await this.senders.list(senders === 'all' ? undefined : senders);
    return [...new Set(own.map(({ wabaId }) => wabaId))];
  }

  private async accountOf(principal: Principal, from: string): Promise<string> {
    if (!mayUseSender(principal, from)) throw new SenderNotAllowedError('from');
    const sender = await this.senders.find(from);
    if (sender === null) throw new UnknownSenderError();
    return sender.wabaId;
  }
}
