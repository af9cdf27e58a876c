/** No alert of this kind is open there. */
export class AlertNotFoundError extends Error {
  readonly code = 'alert_not_found';
  constructor() {
    super('No alert of this kind is open on this scope and id');
  }
}

/** What it tells of goes on. */
export class AlertHasCauseError extends Error {
  readonly code = 'alert_has_cause';
  constructor() {
    super('This alert closes by itself when its cause ends: lift its hold, or do what its advice says');
  }
}
