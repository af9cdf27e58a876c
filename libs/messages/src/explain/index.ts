export { describeReason, type Move, MOVES } from './dispatch-reasons.js';
export { type Explanation, EXPLANATIONS, type ExplanationRow } from './explanations.js';
export { explanationsPage } from './explanations-page.js';
export { PublishExplanationsService } from './publish-explanations.service.js';
