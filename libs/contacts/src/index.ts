export { contactForms } from './domain/contact-forms.js';
export {
  type Consent,
  type ContactOfSender,
  suppressedContacts,
  suppressMarketing,
} from './queries/marketing-suppression.query.js';
