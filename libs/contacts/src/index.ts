export { contactForms, contactKey } from './domain/contact-forms.js';
export { ContactNotFoundError, InvalidContactCursorError } from './contacts.errors.js';
export { ContactsModule } from './contacts.module.js';
export { type ConsentWords, consentWords, wantsMarketing } from './domain/consent-words.js';
export {
  factsOfIdentity,
  factsOfRecipient,
  type Identifier,
  type IdentityFact,
  IDENTIFIER_KINDS,
  type IdentifierKind,
} from './domain/identity-fact.js';
export type { ContactIdentifier } from './domain/resolve-contacts.js';
export { type ContactDetails, FindContactService } from './find-contact.service.js';
export type { ChoiceReason, MarketingChoice } from './domain/marketing-choice.js';
export { type ContactChange, deriveContacts, learnContacts } from './learn-contacts.js';
export {
  type ContactFilter,
  type ContactPage,
  type ContactView,
  ListContactsService,
} from './list-contacts.service.js';
export { lockIdentities, type SenderFact } from './queries/contact-facts.query.js';
export { type HeldIdentifier, identifyContacts, type NamedContact, sameContact } from './queries/contacts.query.js';
export { chooseMarketing } from './queries/marketing-choices.query.js';
export type { ChosenMarketing } from './queries/read-contacts.query.js';
export { type ContactOfSender, suppressedContacts } from './queries/suppressed-contacts.query.js';
