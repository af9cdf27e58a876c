export type { ComparedTable } from './queries/compare-replay.query.js';
export { ReplayInboxService, type ReplayReport } from './replay-inbox.service.js';
export { ReplayModule } from './replay.module.js';
