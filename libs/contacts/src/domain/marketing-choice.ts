/** How a contact's choice is known. */
export type ChoiceReason =
  | 'keyword' // a word like STOP, or START
  | 'user_preference' // a switch in WhatsApp
  | 'meta_131050'; // Meta refuses marketing to the contact

/** What a contact chose of marketing from the account of a sender. */
export interface MarketingChoice {
  phoneNumberId: string;
  /** Every key that the contact is known by: digits, a user id. */
  contacts: readonly string[];
  wantsMarketing: boolean;
  reason: ChoiceReason;
  chosenAt: Date;
}

/** While Meta refuses, a word to us changes nothing. */
export const REFUSALS: readonly ChoiceReason[] = ['meta_131050'];
/** What the contact does in WhatsApp itself ends Meta's refusal. */
export const ENDS_REFUSAL: readonly ChoiceReason[] = ['user_preference'];
