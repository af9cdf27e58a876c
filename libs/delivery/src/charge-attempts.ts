import type { Tx } from '#persistence';
import { recordCharges, type UnknownPricing } from '#pricing';
import { openAlerts } from './queries/alert.query.js';

/** Charges attempts whose statuses were just recorded, in the same transaction; what Meta billed as something new opens an alert. */
export async function chargeAttempts(
  tx: Tx,
  attempts: readonly { messageId: string; attemptNo: number }[],
): Promise<void> {
  await alertUnknownPricing(tx, await recordCharges(tx, attempts));
}

/** One alert an account: the charges stand at nothing until somebody has looked. */
export async function alertUnknownPricing(tx: Tx, unknown: readonly UnknownPricing[]): Promise<void> {
  const accounts = [...new Map(unknown.map((each) => [each.wabaId, each])).values()];
  await openAlerts(
    tx,
    accounts.map(({ wabaId, category, type }) => ({
      kind: 'pricing_unknown',
      scope: 'waba',
      scopeId: wabaId,
      advice: `Meta billed messages as type "${type ?? ''}", category "${category}", which Herald does not know: they are charged at 0 and marked type_unknown. Look up what Meta introduced; the charges can be made anew after an update.`,
    })),
  );
}
