/** T10 does not allow it: the message waits no longer, or an earlier attempt of it may have gone through. */
export class MessageNotCancellableError extends Error {
  readonly code = 'message_not_cancellable';
  constructor(why: string) {
    super(`The message cannot be cancelled: ${lowerFirst(why)}`);
  }
}

/** T11 does not allow it. */
export class MessageNotRedrivableError extends Error {
  readonly code = 'message_not_redrivable';
  constructor(why: string) {
    super(`The message cannot be redriven: ${lowerFirst(why)}`);
  }
}

const lowerFirst = (sentence: string) =>
  sentence.startsWith('Meta') ? sentence : sentence.charAt(0).toLowerCase() + sentence.slice(1);
