export { CheckTemplateService, type KnownCategory, type TemplateSend } from './check-template.service.js';
export { learnTemplates, TEMPLATE_FIELDS } from './learn-templates.js';
export { ALL as ALL_TEMPLATES, ManageTemplatesService } from './manage-templates.service.js';
export {
  type StoredTemplate,
  type TemplateSelection,
  type TemplateState,
  templateStates,
  type TemplateUse,
} from './queries/read-templates.query.js';
export { deriveTemplates } from './queries/template-facts.query.js';
export { acceptTemplateCategory } from './queries/write-templates.query.js';
export { SyncTemplatesService } from './sync-templates.service.js';
export { TemplateDirectory } from './template-directory.js';
export {
  TemplateChangeRefusedError,
  TemplateNotFoundError,
  TemplateRefusedError,
  TemplatesUnreachableError,
} from './templates.errors.js';
export { TemplatesModule } from './templates.module.js';
