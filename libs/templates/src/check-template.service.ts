import { Injectable } from '@nestjs/common';
import type { MetaApi, MetaMessage } from '#graph-api';
import { SenderDirectory } from '#senders';
import { checkSend } from './domain/check-send.js';
import type { Json } from './domain/definition.js';
import type { StoredTemplate } from './queries/read-templates.query.js';
import { SyncTemplatesService } from './sync-templates.service.js';
import { TemplateDirectory } from './template-directory.js';
import { TemplateRefusedError } from './templates.errors.js';

/** A message that a client wants to send. */
export interface TemplateSend {
  phoneNumberId: string;
  api: MetaApi;
  message: MetaMessage;
  /** `message`: what the fields of a refusal begin with. */
  field: string;
}

/** Meta's category, in our words. */
export type KnownCategory = 'marketing' | 'utility' | 'authentication';

const CATEGORIES: Readonly<Record<string, KnownCategory>> = {
  MARKETING: 'marketing',
  UTILITY: 'utility',
  AUTHENTICATION: 'authentication',
};
const MINUTE_MS = 60_000;

/** Checks sends against the templates as Meta approved them. */
@Injectable()
export class CheckTemplateService {
  constructor(
    private readonly senders: SenderDirectory,
    private readonly directory: TemplateDirectory,
    private readonly sync: SyncTemplatesService,
  ) {}

  /**
   * The category of a send's template; null for what sends none, or when nothing is known of it and Meta cannot be asked: then Meta
   * decides. What would be refused is read once more before it is.
   * @throws TemplateRefusedError
   */
  async check(send: TemplateSend): Promise<KnownCategory | null> {
    const named = nameOf(send.message);
    const sender = named === null ? null : await this.senders.find(send.phoneNumberId);
    if (named === null || sender === null) return null;
    const key = { wabaId: sender.wabaId, ...named };
    const known = await this.directory.find(key);
    if (known?.components != null && refusalOf(known, send) === null) return CATEGORIES[known.category] ?? null;
    const outcome = await this.sync.syncName(key.wabaId, key.name);
    const fresh = outcome === 'synced' ? await this.directory.find(key) : known;
    if (fresh?.components == null) {
      if (outcome === 'not_synced') return null;
      throw notFound(named, send.field);
    }
    const refusal = refusalOf(fresh, send, outcome === 'synced' ? null : fresh.syncedAt);
    if (refusal !== null) throw refusal;
    return CATEGORIES[fresh.category] ?? null;
  }
}

/** Name and language of the template that a message sends; null for what sends none. */
function nameOf(message: MetaMessage): { name: string; language: string } | null {
  if (message.type !== 'template') return null;
  const template = message['template'] as { name?: unknown; language?: { code?: unknown } } | null | undefined;
  const [name, language] = [template?.name, template?.language?.code];
  return typeof name === 'string' && typeof language === 'string' ? { name, language } : null;
}

const notFound = ({ name, language }: { name: string; language: string }, above: string) =>
  refuse(
    'template_not_found',
    `${above}.template.name`,
    `must be a template of this account: it has no ${name} in ${language}`,
  );

function refuse(code: TemplateRefusedError['code'], field: string, sentence: string): TemplateRefusedError {
  return new TemplateRefusedError(code, [{ field, code, message: `${field} ${sentence}` }]);
}

/** @param asOf when the definition was read, if Meta could not be asked just now */
function refusalOf(
  template: StoredTemplate,
  { message, api, field }: TemplateSend,
  asOf: Date | null = null,
): TemplateRefusedError | null {
  const { status, name, language, category, parameterFormat, components } = template;
  const age = asOf === null ? '' : `, as Meta had it ${ageOf(asOf)} ago; it cannot be asked now`;
  const at = `${field}.template.name`;
  if (status === 'DELETED') return notFound(template, field);
  if (status !== 'APPROVED')
    return refuse(codeOfStatus(status), at, `must be an approved template: ${name} in ${language} is ${status}${age}`);
  if (api === 'marketing_messages' && category !== 'MARKETING')
    return refuse(
      'template_not_marketing',
      at,
      `must be a marketing template for marketing_messages: ${name} is ${category}${age}`,
    );
  const definition = { category, parameterFormat, components: components ?? [] };
  const problems = checkSend(definition, message['template'] as Json);
  const [first] = problems;
  if (first === undefined) return null;
  const above = `${field}.template`;
  return new TemplateRefusedError(
    first.code,
    problems.map(({ field: inner, code, message: sentence }) => ({
      field: `${above}.${inner}`,
      code,
      message: `${above}.${sentence}${age}`,
    })),
  );
}

const codeOfStatus = (status: string) =>
  status === 'PAUSED' ? 'template_paused' : status === 'DISABLED' ? 'template_disabled' : 'template_not_approved';

function ageOf(at: Date): string {
  const minutes = Math.max(1, Math.round((Date.now() - at.getTime()) / MINUTE_MS));
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
