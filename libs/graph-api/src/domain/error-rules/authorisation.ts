import { type ErrorRow, SOURCES } from './error-rule.js';

const { graph, community } = SOURCES;

/** Tokens, permissions and the standing of the business account. */
export const AUTHORISATION: readonly ErrorRow[] = [
  [
    0,
    'PAUSE',
    'access_token',
    'Access token not accepted',
    'Store a new access token for the senders that use this one.',
  ],
  [
    3,
    'PAUSE',
    'waba',
    'Capability missing',
    'Give the app the WhatsApp permissions in Meta’s dashboard, then lift the hold.',
  ],
  [
    10,
    'PAUSE',
    'waba',
    'Permission denied',
    'Check that the token’s system user has full control of this business account and both WhatsApp permissions.',
  ],
  [102, 'PAUSE', 'access_token', 'Session not valid', 'Store a new access token.', { source: graph }],
  [
    104,
    'PAUSE',
    'access_token',
    'App secret proof required',
    'Turn off “Require app secret” for the app in Meta’s dashboard, or use a token of an app without it.',
    { source: community },
  ],
  [190, 'PAUSE', 'access_token', 'Access token expired or invalid', 'Create a new system user token and store it.'],
  [
    463,
    'PAUSE',
    'access_token',
    'Access token expired',
    'Create a token that does not expire and store it.',
    { source: graph },
  ],
  [
    467,
    'PAUSE',
    'access_token',
    'Access token revoked',
    'Find out who revoked it, then store a new token.',
    { source: graph },
  ],
  [
    200,
    'PAUSE',
    'waba',
    'Permission missing or no token given',
    'Check the token’s permissions and that it is shared with this business account.',
  ],
  [
    { from: 200, to: 299 },
    'PAUSE',
    'waba',
    'Permission not granted or withdrawn',
    'Grant the permission again in Meta’s business settings, then lift the hold.',
  ],
  [
    200005,
    'FIX',
    'waba',
    'Template insights not available',
    'Ask for template analytics only where the account has them.',
  ],
  [200006, 'FIX', 'waba', 'Template insights cannot be turned off', 'Leave them on: Meta does not allow turning back.'],
  [200007, 'FIX', 'waba', 'Template insights not enabled', 'Enable template insights for the business account first.'],
  [
    368,
    'PAUSE',
    'waba',
    'Account blocked for a policy violation',
    'Read the violation in WhatsApp Manager and appeal, or wait until the block ends; then lift the hold.',
  ],
  [
    130497,
    'FAIL',
    'recipient',
    'Country not allowed for this business',
    'Stop sending to this country from this account: Meta does not let the business message users there.',
  ],
  [
    131031,
    'PAUSE',
    'waba',
    'Account locked',
    'Check WhatsApp Manager for a policy violation and the two-step PIN for a mistake; lift the hold once unlocked.',
  ],
];
