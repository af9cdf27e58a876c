/** What a key may be allowed to do. `all` stands for every other scope; it never reaches into another client's messages. */
export const SCOPES = [
  'messages:write',
  'messages:read',
  'inbound:read',
  'templates',
  'media',
  'senders',
  'clients',
  'reports:read',
  'operations',
  'all',
] as const;

export type Scope = (typeof SCOPES)[number];

/** Whether the value is a scope that exists. */
export function isScope(value: unknown): value is Scope {
  return (SCOPES as readonly unknown[]).includes(value);
}
