import { type ErrorRow, HOUR_MS, SECOND_MS, SOURCES } from './error-rule.js';

const { rateLimits } = SOURCES;

/** Limits on calls, throughput and pairs. Meta answers most of them with HTTP 400. */
export const THROTTLING: readonly ErrorRow[] = [
  [4, 'RATE', 'app', 'App call limit reached', 'Nothing to do: sending goes on when the hour’s usage falls.'],
  [
    [17, 32, 613],
    'RATE',
    'app',
    'Graph call limit reached',
    'Nothing to do: sending slows down. Look for another system that uses the same app or token.',
    { source: rateLimits },
  ],
  [
    80007,
    'RATE',
    'waba',
    'Business account call limit reached',
    'Nothing to do: sending from this account slows down.',
  ],
  [
    80008,
    'RATE',
    'waba',
    'Management API call limit reached',
    'Nothing to do. If it stays, read templates and numbers less often.',
    { source: rateLimits },
  ],
  [130429, 'RATE', 'sender', 'Throughput of the number reached', 'Nothing to do: this number sends more slowly.'],
  [
    131048,
    'PAUSE',
    'sender',
    'Number restricted after blocks and reports',
    'Too many people blocked or reported this number. Send less marketing and better targeted; lift the hold when its quality recovers.',
  ],
  [
    131056,
    'RATE',
    'pair',
    'Too many messages to one recipient',
    'Nothing to do: this pair waits, other recipients do not. Join short messages into one where you can.',
    { waitMs: 6 * SECOND_MS },
  ],
  [
    131064,
    'PAUSE',
    'waba',
    'Messaging limited for misclassified templates',
    'Correct the categories of the templates named in WhatsApp Manager; the limit ends with the enforcement period.',
  ],
  [
    133016,
    'LATER',
    'sender',
    'Too many registrations',
    'Wait 72 hours before registering or deregistering this number again.',
    { waitMs: 72 * HOUR_MS },
  ],
];
