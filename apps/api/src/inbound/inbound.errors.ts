/** A message that never came to Herald, without the sender that got it. */
export class SenderNeededError extends Error {
  readonly code = 'sender_needed';
  readonly field = 'from';
  constructor() {
    super('This message never came to Herald: from must name the sender that got it');
  }
}
