import type { Behaviour } from './domain/behaviour.js';
import { behaviourOfAttempt, scenarioOfNumber } from './domain/scenario-choice.js';
import type { ChosenScenario } from './domain/scenario-choice.js';

/** How each recipient is treated: by its number, unless the control API assigned a scenario; and how often it was tried. */
export class RecipientBook {
  private readonly assigned = new Map<string, ChosenScenario>();
  private readonly attempts = new Map<string, number>();

  /** The scenario of a recipient and what it makes of this attempt. Counts the attempt. */
  nextAttempt(contact: string): { scenario: string; behaviour: Behaviour } {
    const chosen = this.assigned.get(contact) ?? scenarioOfNumber(contact);
    if (chosen.behaviour.firstAttempts === Infinity) return { scenario: chosen.name, behaviour: chosen.behaviour };
    const attempt = (this.attempts.get(contact) ?? 0) + 1;
    this.attempts.set(contact, attempt);
    return { scenario: chosen.name, behaviour: behaviourOfAttempt(chosen, attempt) };
  }

  /** Treats a recipient by this scenario from now on, from its first attempt. */
  assign(contact: string, scenario: ChosenScenario): void {
    this.assigned.set(contact, scenario);
    this.attempts.delete(contact);
  }

  /** Treats a recipient by its number again. */
  unassign(contact: string): void {
    this.assigned.delete(contact);
    this.attempts.delete(contact);
  }

  /** Forgets assignments and counts. */
  clear(): void {
    this.assigned.clear();
    this.attempts.clear();
  }
}
