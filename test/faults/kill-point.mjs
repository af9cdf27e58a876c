/**
 * Loaded into a worker of a drill with `--import`: ends it, as `kill -9` does, when it reaches a named point of an attempt for the
 * `HERALD_KILL_AT`th time. The points are seen from outside, in what the worker asks of Postgres and of undici, so that nothing
 * in Herald knows of them:
 *
 * - `after-claim`: the attempt is committed, no request exists
 * - `before-write`: the request exists, no byte of it was written
 * - `after-write`: the request is written, no answer has come
 * - `before-settle`: the answer has come, nothing of it is in Postgres
 */
import diagnostics from 'node:diagnostics_channel';
import pg from 'pg';

const { HERALD_KILL_POINT: point, HERALD_KILL_AT: at = '1' } = process.env;
let left = Number(at);

const reach = (name) => {
  if (name !== point) return;
  left -= 1;
  if (left <= 0) process.kill(process.pid, 'SIGKILL');
};

const isSend = ({ request }) => request.method === 'POST' && /\/(marketing_)?messages$/.test(request.path);
diagnostics.subscribe('undici:request:create', (message) => isSend(message) && reach('before-write'));
diagnostics.subscribe('undici:request:bodySent', (message) => isSend(message) && reach('after-write'));

const { query } = pg.Client.prototype;
pg.Client.prototype.query = function (statement, ...rest) {
  if (statement?.name === 'settle-attempts') reach('before-settle');
  if (statement?.name !== 'claim-due-messages') return query.call(this, statement, ...rest);
  const claimed = (answer) => {
    if (answer?.rows.length > 0) reach('after-claim');
    return answer;
  };
  // The pool asks with a callback, a transaction with a promise.
  const callback = rest.at(-1);
  if (typeof callback === 'function')
    return query.call(this, statement, ...rest.slice(0, -1), (error, answer) => callback(error, claimed(answer)));
  return query.call(this, statement, ...rest).then(claimed);
};
