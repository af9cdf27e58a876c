import { benchAccept } from './accept.mjs';
import { benchBacklog } from './backlog.mjs';
import { benchChurn } from './churn.mjs';
import { benchFeeder } from './feeder.mjs';
import { benchHistory, historyBytes } from './history.mjs';
import { benchMedia } from './media.mjs';
import { benchReports, reportsBytes } from './reports.mjs';
import { benchSend } from './send.mjs';
import { benchValidation } from './validation.mjs';
import { benchWebhooks } from './webhooks.mjs';
import { benchWholeWay } from './whole-way.mjs';

/** What `npm run bench` measures, by the name that `--only` takes. */
export const SCENARIOS = {
  accept: benchAccept,
  send: benchSend,
  webhooks: benchWebhooks,
  'whole-way': benchWholeWay,
  validation: benchValidation,
  media: benchMedia,
  feeder: benchFeeder,
  backlog: benchBacklog,
  churn: benchChurn,
  history: benchHistory,
  reports: benchReports,
};

/** What only `npm run bench:full` measures: it takes long. */
export const FULL_ONLY = ['churn', 'history', 'reports'];

/** Bytes of disk that each scenario of some size needs, the others next to none. One after the other has them. */
export const BYTES = { history: historyBytes, reports: reportsBytes };
