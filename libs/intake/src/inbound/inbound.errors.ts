/** No message of a contact is known by this wamid, or it came to a sender that the caller may not use, or not to the one named. */
export class InboundMessageNotFoundError extends Error {
  readonly code = 'inbound_message_not_found';
  constructor() {
    super('There is no such message of a contact');
  }
}
