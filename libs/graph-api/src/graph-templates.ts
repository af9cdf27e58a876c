import { Pool } from 'undici';
import { asArray, asInteger, asObject, asText, type JsonObject, parseJson } from './domain/json.js';
import { sanitizeTextTo } from './domain/sanitize.js';
import { exchange } from './exchange.js';

/** Where Graph is, and how long to wait for it, ms. */
export interface GraphTemplatesOptions {
  baseUrl: string;
  version: string;
  connectTimeoutMs?: number;
  totalTimeoutMs?: number;
}

/** A template as Meta has it. Words are Meta's, in capitals. */
export interface GraphTemplate {
  id: string;
  name: string;
  language: string;
  status: string;
  category: string;
  parameterFormat: 'POSITIONAL' | 'NAMED';
  components: JsonObject[];
  quality: string | null;
  rejectedReason: string | null;
  ttlSeconds: number | null;
}

/** What Meta answers to a template that is created. */
export interface CreatedTemplate {
  id: string;
  status: string;
  category: string;
}

/** What became of a request. `refused`: Meta said no, with its code; `retry`: nothing is known. */
export type TemplateResult<T> =
  { kind: 'done'; value: T } | { kind: 'refused'; code: number; details: string } | { kind: 'retry'; reason: string };

/** Requests at once. */
const CONNECTIONS = 4;
/** A page of definitions is long; what is longer is no answer of Graph's, bytes. */
const MAX_ANSWER = 8 * 1024 * 1024;
const PAGE = 100;
/** A WABA has at most 6,000 templates, in some languages each. */
const MAX_PAGES = 500;
const MAX_DETAILS = 1_000;
const FIELDS =
  'id,name,language,status,category,parameter_format,components,quality_score,rejected_reason,message_send_ttl_seconds';

interface Call {
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  query?: Readonly<Record<string, string>>;
  body?: object;
}

/** Templates at Meta (Business Management API): read, create, edit, delete. Nothing is thrown for what Meta says. */
export class GraphTemplates {
  private readonly pool: Pool;
  private readonly root: string;
  private readonly totalTimeoutMs: number;

  constructor({ baseUrl, version, connectTimeoutMs = 5_000, totalTimeoutMs = 30_000 }: GraphTemplatesOptions) {
    const { origin, pathname } = new URL(baseUrl);
    this.root = `${pathname.replace(/\/+$/, '')}/${version}`;
    this.totalTimeoutMs = totalTimeoutMs;
    this.pool = new Pool(origin, { connections: CONNECTIONS, connect: { timeout: connectTimeoutMs } });
  }

  /** All templates of a WABA, or those of one name, in every language. */
  async list(wabaId: string, accessToken: string, name?: string): Promise<TemplateResult<GraphTemplate[]>> {
    const found: GraphTemplate[] = [];
    let after: string | null = null;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const query: Record<string, string> = { fields: FIELDS, limit: String(PAGE) };
      if (name !== undefined) query['name'] = name;
      if (after !== null) query['after'] = after;
      const result = await this.call({ method: 'GET', path: `${wabaId}/message_templates`, query }, accessToken);
      if (result.kind !== 'done') return result;
      if (!Array.isArray(result.value['data'])) return { kind: 'retry', reason: 'no_template_list' };
      found.push(...asArray(result.value['data']).flatMap((row) => readTemplate(asObject(row)) ?? []));
      const paging = asObject(result.value['paging']);
      const next = asText(asObject(paging?.['cursors'])?.['after']);
      if (asText(paging?.['next']) === null || next === null || next === after) break;
      after = next;
    }
    // Meta looks for names that contain it.
    return { kind: 'done', value: name === undefined ? found : found.filter((template) => template.name === name) };
  }

  /** Creates a template; `definition` is in Meta's shape. */
  async create(wabaId: string, accessToken: string, definition: object): Promise<TemplateResult<CreatedTemplate>> {
    const call = { method: 'POST', path: `${wabaId}/message_templates`, body: definition } as const;
    const result = await this.call(call, accessToken);
    if (result.kind !== 'done') return result;
    const { id, status, category } = result.value;
    const value = { id: idOf(id), status: asText(status) ?? 'PENDING', category: asText(category) ?? '' };
    return value.id === null
      ? { kind: 'retry', reason: 'no_template_id' }
      : { kind: 'done', value: { ...value, id: value.id } };
  }

  /** Edits a template; what is named in `changes` takes the place of what was. */
  async edit(templateId: string, accessToken: string, changes: object): Promise<TemplateResult<true>> {
    return done(await this.call({ method: 'POST', path: templateId, body: changes }, accessToken));
  }

  /** Deletes one language of a template. */
  async delete(
    wabaId: string,
    accessToken: string,
    { id, name }: Pick<GraphTemplate, 'id' | 'name'>,
  ): Promise<TemplateResult<true>> {
    const query = { hsm_id: id, name };
    return done(await this.call({ method: 'DELETE', path: `${wabaId}/message_templates`, query }, accessToken));
  }

  async close(): Promise<void> {
    await this.pool.close();
  }

  private async call({ method, path, query, body }: Call, accessToken: string): Promise<TemplateResult<JsonObject>> {
    const now = performance.now();
    const search = query === undefined ? '' : `?${new URLSearchParams(query).toString()}`;
    const observation = await exchange(
      this.pool,
      {
        method,
        path: `${this.root}/${path}${search}`,
        headers: {
          authorization: `Bearer ${accessToken}`,
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        body: body === undefined ? undefined : JSON.stringify(body),
      },
      { writeByMs: now + this.totalTimeoutMs, answerByMs: now + this.totalTimeoutMs, maxAnswerBytes: MAX_ANSWER },
    );
    if (observation.kind !== 'answered')
      return { kind: 'retry', reason: 'code' in observation ? observation.code : observation.kind };
    const answer = asObject(parseJson(observation.body ?? ''));
    if (observation.httpStatus < 300 && answer !== null) return { kind: 'done', value: answer };
    return refusalOf(answer, observation.httpStatus, accessToken);
  }
}

function refusalOf(answer: JsonObject | null, httpStatus: number, accessToken: string): TemplateResult<never> {
  const error = asObject(answer?.['error']);
  const code = asInteger(error?.['code']);
  if (error === null || code === null || httpStatus >= 500 || httpStatus === 429 || error['is_transient'] === true)
    return { kind: 'retry', reason: code === null ? `http_${httpStatus}` : `code_${code}` };
  const details = [asObject(error['error_data'])?.['details'], error['error_user_msg'], error['message']]
    .map(asText)
    .find((text) => text !== null);
  return {
    kind: 'refused',
    code,
    details: sanitizeTextTo(MAX_DETAILS, (details ?? '').replaceAll(accessToken, '[hidden]')),
  };
}

const done = (result: TemplateResult<JsonObject>): TemplateResult<true> =>
  result.kind === 'done' ? { kind: 'done', value: true } : result;

/** Ids are texts in answers and numbers in webhooks. */
const idOf = (id: unknown): string | null => (typeof id === 'number' ? String(id) : asText(id));

/** A row of the list; null for what names no template. */
function readTemplate(row: JsonObject | null): GraphTemplate[] | null {
  const id = idOf(row?.['id']);
  const [name, language, status, category] = ['name', 'language', 'status', 'category'].map((key) =>
    asText(row?.[key]),
  );
  if (row === null || id === null || !name || !language || !status || !category) return null;
  return [
    {
      id,
      name,
      language,
      status: status.toUpperCase(),
      category: category.toUpperCase(),
      parameterFormat: asText(row['parameter_format'])?.toUpperCase() === 'NAMED' ? 'NAMED' : 'POSITIONAL',
      components: asArray(row['components'])
        .map(asObject)
        .filter((component) => component !== null),
      quality: asText(asObject(row['quality_score'])?.['score']),
      rejectedReason: asText(row['rejected_reason']),
      ttlSeconds: asInteger(row['message_send_ttl_seconds']),
    },
  ];
}
