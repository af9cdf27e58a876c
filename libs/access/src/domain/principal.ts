import type { Scope } from './scope.js';

/** Who makes a request: one key of one client, and what it may do. */
export interface Principal {
  clientId: string;
  /** Null for the bootstrap key, which is no row of the database. */
  keyId: string | null;
  scopes: readonly Scope[];
  /** Phone number ids, or every sender that exists or will exist. */
  senders: 'all' | readonly string[];
}

/** What a key allows: the part of a principal that one key can hand on to another. */
export type Grant = Pick<Principal, 'scopes' | 'senders'>;

/** Whether the scope is one of the principal's. */
export function hasScope({ scopes }: Grant, scope: Scope): boolean {
  return scopes.includes('all') || scopes.includes(scope);
}

/** Whether the principal may send from, and see, this sender. Says nothing of whether the sender exists. */
export function mayUseSender({ senders }: Grant, phoneNumberId: string): boolean {
  return senders === 'all' || senders.includes(phoneNumberId);
}

/** Scopes and senders of `wanted` that `own` does not have, so that nobody can make a key that may do more than theirs. */
export function beyondGrant(own: Grant, wanted: Grant): { scopes: Scope[]; senders: 'all' | string[] } {
  return {
    scopes: wanted.scopes.filter((scope) => !hasScope(own, scope)),
    senders:
      wanted.senders === 'all'
        ? own.senders === 'all'
          ? []
          : 'all'
        : wanted.senders.filter((sender) => !mayUseSender(own, sender)),
  };
}
