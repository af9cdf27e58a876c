import { type AccountErrorItem, type ErrorAction, isKnownError, lookupError } from '#graph-api';
import type { Tx } from '#persistence';
import { openAlerts } from './queries/alert.query.js';

/** They pass by themselves. */
const PASSING: ReadonlySet<ErrorAction> = new Set(['RETRY', 'RATE', 'LATER']);

/** Problems of a number or its account that Meta tells of no message (`value.errors`): an alert a number, but for those that pass. */
export async function alertAccountErrors(tx: Tx, errors: readonly AccountErrorItem[]): Promise<void> {
  await openAlerts(
    tx,
    errors.flatMap(({ phoneNumberId, errorCode: code, title }) => {
      const known = code !== null && isKnownError(code) ? lookupError({ code }) : null;
      if (phoneNumberId === null || (known !== null && PASSING.has(known.action))) return [];
      const what = known?.title ?? title ?? 'without a title';
      return [
        {
          kind: 'account_error',
          scope: 'sender',
          scopeId: phoneNumberId,
          advice: `Meta reported an error of the number or its account: ${code ?? 'no code'}, ${what}. ${known?.advice ?? 'Look it up in Meta’s list.'}`,
        },
      ];
    }),
  );
}
