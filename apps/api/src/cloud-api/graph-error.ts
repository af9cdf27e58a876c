import type { Answer } from '../http/problem.js';

/** An error in the shape of the Graph API, and its HTTP status. */
export interface GraphError {
  status: number;
  body: {
    error: {
      message: string;
      type: 'OAuthException' | 'GraphMethodException';
      code: number;
      is_transient?: true;
      error_data?: { messaging_product: 'whatsapp'; details: string };
      fbtrace_id: string;
    };
  };
}

interface GraphRule {
  status: number;
  code: number;
  title: string;
  type?: 'GraphMethodException';
}

const rule = (status: number, code: number, title: string, type?: 'GraphMethodException'): GraphRule => ({
  status,
  code,
  title,
  type,
});

const NOT_A_TOKEN = rule(401, 190, 'Invalid access token');
const NO_PERMISSION = rule(403, 10, 'Permission denied');
const NO_OBJECT = rule(400, 33, 'The object does not exist or cannot be loaded', 'GraphMethodException');
const MISSING = rule(400, 131008, 'Required parameter is missing');
const NOT_VALID = rule(400, 131009, 'Parameter value is not valid');
const INVALID = rule(400, 100, 'Invalid parameter');

/** Problems that Meta has a code of its own for. */
const RULES: Readonly<Record<string, GraphRule>> = {
  unauthenticated: NOT_A_TOKEN,
  invalid_api_key: NOT_A_TOKEN,
  key_in_query: NOT_A_TOKEN,
  scope_missing: NO_PERMISSION,
  forbidden: NO_PERMISSION,
  unknown_sender: NO_OBJECT,
  sender_not_allowed: NO_OBJECT,
  sender_not_found: NO_OBJECT,
  media_not_found: NO_OBJECT,
  media_expired: NO_OBJECT,
  media_bytes_missing: NO_OBJECT,
  inbound_message_not_found: NOT_VALID,
  recipient_opted_out: rule(400, 131050, 'User has stopped marketing messages'),
  template_not_found: rule(404, 132001, 'Template name does not exist in the translation'),
  template_not_approved: rule(404, 132001, 'Template name does not exist in the translation'),
  template_paused: rule(400, 132015, 'Template is paused'),
  template_disabled: rule(400, 132016, 'Template is disabled'),
  template_not_marketing: rule(400, 134100, 'Only marketing messages supported'),
  template_parameter_count: rule(400, 132000, 'Number of parameters does not match the expected number of params'),
  template_parameter_format: rule(400, 132012, 'Parameter format does not match format in the created template'),
  unknown_template: NO_OBJECT,
  not_found: rule(404, 2500, 'Unknown path components'),
};

/** The answer to an error as the Graph API would give it; `error_data.details` says what `/v1` would say of the first field. */
export function graphErrorOf({ problem }: Answer): GraphError {
  const first = problem.errors?.[0];
  const { status, code, title, type = 'OAuthException' } = RULES[problem.code] ?? ruleOf(problem.status, first);
  return {
    status,
    body: {
      error: {
        message: `(#${code}) ${title}`,
        type,
        code,
        ...(status === 503 ? { is_transient: true as const } : {}),
        error_data: { messaging_product: 'whatsapp', details: first?.message ?? problem.detail },
        fbtrace_id: problem.instance.replace('urn:uuid:', ''),
      },
    },
  };
}

/** What the rest becomes, by its status and the first field that is wrong. */
function ruleOf(status: number, first: { field: string; message: string } | undefined): GraphRule {
  if (status === 503) return rule(503, 2, 'Service temporarily unavailable');
  if (status >= 500) return rule(500, 1, 'An unknown error occurred');
  if (first?.message.endsWith('it is missing') === true) return MISSING;
  // Fields inside the content of a message; what stands beside it is a parameter of the request.
  if (first !== undefined && /[.[]/.test(first.field)) return NOT_VALID;
  return status === 422 ? INVALID : { ...INVALID, status };
}
