/** A message that never came to Herald, without the sender that got it. */
export class SenderNeededError extends Error {
  readonly code = 'sender_needed';
  readonly field = 'from';
  constructor() {
    super('This message never came to Herald: from must name the sender that got it');
  }
}

/** The message came to another sender than the one named, or to one that the key may not use. */
export class InboundMessageNotFoundError extends Error {
  readonly code = 'inbound_message_not_found';
  constructor() {
    super('There is no such message of a contact');
  }
}
