/** Whose messages are read: always those of one client, and of all its senders or of some. */
export interface Reader {
  clientId: string;
  senders: 'all' | readonly string[];
}

/** Whether the reader may see messages of this sender. */
export const mayRead = ({ senders }: Reader, phoneNumberId: string) =>
  senders === 'all' || senders.includes(phoneNumberId);
