export {
  type Consent,
  type ContactOfSender,
  suppressedContacts,
  suppressMarketing,
} from './queries/marketing-suppression.query.js';
