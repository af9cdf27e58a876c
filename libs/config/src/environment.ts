import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import {
  ArrayNotEmpty,
  ArrayUnique,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsUrl,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
} from 'class-validator';
import { DEFAULT_OPT_IN_KEYWORDS, DEFAULT_OPT_OUT_KEYWORDS } from './consent-keywords.js';

const list = ({ value }: { value: unknown }) =>
  typeof value === 'string'
    ? value
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== '')
    : value;
/** A comma inside a URL, as in a password, is not one between two. */
const urls = ({ value }: { value: unknown }) =>
  typeof value === 'string' ? value.split(/,\s*(?=rediss?:\/\/)/).map((url) => url.trim()) : value;
const yesOrNo = ({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value);
const number = ({ value }: { value: unknown }) =>
  typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
const WholeNumber = (min: number, max = 2_147_483_647) => {
  const message = `$property must be a whole number from ${min} to ${max}`;
  return applyDecorators(Transform(number), IsInt({ message }), Min(min, { message }), Max(max, { message }));
};
/** A URL without its last slashes, so that paths can be put behind it. */
const base = ({ value }: { value: unknown }) => (typeof value === 'string' ? value.replace(/\/+$/, '') : value);
/** The start of a URL that paths are put behind: what follows a path, or names a user, has no place in it. */
const BaseUrl = () => {
  const message = '$property must be an http(s) URL without user, query and fragment';
  const options = { require_tld: false, require_protocol: true, protocols: ['http', 'https'] };
  return applyDecorators(Transform(base), IsUrl(options, { message }), Matches(/^[^@?#]*$/, { message }));
};

/**
 * Everything that can be configured, read from the environment once, at boot. A name here is the name of the variable;
 * `.env.example` lists them all. The protocol's times stand here too, so that drills can run the same code at a fraction of them.
 */
export class Environment {
  /** Postgres: every fact of Herald, and its queue where no Redis is configured. */
  @Matches(/^postgres(ql)?:\/\/.+/, { message: 'DATABASE_URL must be a postgresql:// URL' })
  DATABASE_URL!: string;

  /** Redis for the queue, or several nodes of one Redis Cluster, comma-separated. Without it BullMQ runs on DATABASE_URL. */
  @IsOptional()
  @Transform(urls)
  @Matches(/^rediss?:\/\/(?:[^/]*@)?[^,@/?]+(?:[/?].*)?$/, {
    each: true,
    message: 'REDIS_URL must be a redis:// or rediss:// URL, or several, separated by commas',
  })
  REDIS_URL?: string[];

  /** Whether REDIS_URL is a Redis Cluster, of which one address may be enough; left out, it is when there are several. */
  @IsOptional()
  @Transform(yesOrNo)
  @IsBoolean({ message: 'REDIS_CLUSTER must be true or false' })
  REDIS_CLUSTER?: boolean;

  /** TCP port to listen on; 0 takes a free one. */
  @WholeNumber(0, 65_535)
  PORT: number = 3000;

  /** Address to listen on. */
  @Matches(/^[\w.:%-]+$/, { message: 'HOST must be a host name or an address' })
  HOST: string = '127.0.0.1';

  /** Where the Graph API answers. */
  @BaseUrl()
  GRAPH_API_BASE_URL: string = 'https://graph.facebook.com';

  /** Version that sends are pinned to. */
  @Matches(/^v\d+\.\d+$/, { message: 'GRAPH_API_VERSION must look like v25.0' })
  GRAPH_API_VERSION: string = 'v25.0';

  /** Secrets of the Meta app that sign its webhooks; several, comma-separated, while rotating. */
  @Transform(list)
  @ArrayNotEmpty({ message: 'META_APP_SECRET must hold at least one secret' })
  @MinLength(8, {
    each: true,
    message: 'META_APP_SECRET must hold secrets of at least 8 characters, separated by commas',
  })
  META_APP_SECRET!: string[];

  /** Token of the webhook handshake. */
  @MinLength(8, { message: 'META_VERIFY_TOKEN must have at least 8 characters' })
  META_VERIFY_TOKEN!: string;

  /** Keys that encrypt access tokens, `id:base64` of 32 bytes each; the first encrypts, all decrypt. */
  @Transform(list)
  @ArrayNotEmpty({ message: 'HERALD_ENCRYPTION_KEYS must hold at least one key' })
  @ArrayUnique((key: unknown) => String(key).split(':')[0], {
    message: 'HERALD_ENCRYPTION_KEYS must hold each key id once',
  })
  @Matches(/^[A-Za-z0-9_-]{1,32}:[A-Za-z0-9+/]{43}=$/, {
    each: true,
    message: 'HERALD_ENCRYPTION_KEYS must be id:base64 pairs of 32 bytes, separated by commas',
  })
  HERALD_ENCRYPTION_KEYS!: string[];

  /** A key with every scope that needs no database row: for the first client and the first key. */
  @IsOptional()
  @Matches(/^hk_[A-Za-z0-9_-]{20,}$/, {
    message: 'HERALD_ADMIN_KEY must start with hk_ and have at least 20 more characters',
  })
  HERALD_ADMIN_KEY?: string;

  /** Password that `reports reader` gives the role herald_reporting, which dashboards log in as. */
  @IsOptional()
  @MinLength(12, { message: 'REPORTING_PASSWORD must have at least 12 characters' })
  REPORTING_PASSWORD?: string;

  @IsIn(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
    message: 'LOG_LEVEL must be trace, debug, info, warn, error, fatal or silent',
  })
  LOG_LEVEL: string = 'info';

  /** Shards of each send queue; every process must have the same. Left out it is 1, on a Redis Cluster 8. */
  @WholeNumber(1, 64)
  QUEUE_SHARDS: number = 1;

  /** Requests to the Graph API in flight at once in one worker. */
  @WholeNumber(3, 2_000)
  GRAPH_CONNECTIONS: number = 200;

  /** Postgres connections of one process. */
  @WholeNumber(2, 100)
  DATABASE_POOL_MAX: number = 10;

  /** How long a worker owns a message it claimed (protocol T1), ms. */
  @WholeNumber(100)
  SEND_LEASE_MS: number = 90_000;

  /** How long after its claim a message may still be written to the wire (protocol §5), ms. */
  @WholeNumber(10)
  SEND_WRITE_GUARD_MS: number = 20_000;

  /** Time to connect to the Graph API, ms. */
  @WholeNumber(10)
  GRAPH_CONNECT_TIMEOUT_MS: number = 5_000;

  /** Time for one whole request to the Graph API, ms. */
  @WholeNumber(20)
  GRAPH_TIMEOUT_MS: number = 30_000;

  /** Time that evidence has to arrive before an uncertain at_least_once message may be resolved, ms; at_most_once waits half of it. */
  @WholeNumber(10)
  UNCERTAIN_GRACE_MS: number = 120_000;

  /** After how long a silent status channel counts as heard out (protocol §6), ms. */
  @WholeNumber(10)
  UNCERTAIN_MAX_GRACE_MS: number = 900_000;

  /** How long after a later attempt's status a missing one counts as missing (protocol §6), ms. */
  @WholeNumber(10)
  CHANNEL_SETTLE_MS: number = 30_000;

  /** How often the resolver looks for uncertain attempts whose grace is over, ms. */
  @WholeNumber(10)
  RESOLVE_INTERVAL_MS: number = 5_000;

  /** Base of the retry back-off (protocol §7: 2 s), ms. */
  @WholeNumber(1)
  RETRY_BASE_MS: number = 2_000;

  /** Messages that one recipient may get at once from one sender (protocol §7: 45). */
  @WholeNumber(1, 1_000)
  PAIR_CAPACITY: number = 45;

  /** After how long it may get one more, ms. */
  @WholeNumber(1)
  PAIR_REFILL_MS: number = 6_000;

  /** How far ahead a worker reserves slots of a sender's pace, ms. */
  @WholeNumber(50, 10_000)
  PACE_AHEAD_MS: number = 2_000;

  /** How often Meta is asked what each sender may send, ms; 0: never, and only webhooks tell. */
  @WholeNumber(0)
  SENDER_READ_INTERVAL_MS: number = 6 * 60 * 60_000;

  /** How often the templates of each account are read from Meta, ms; 0: only when one is sent, or a webhook tells of it. */
  @WholeNumber(0)
  TEMPLATE_SYNC_INTERVAL_MS: number = 6 * 60 * 60_000;

  /** How often charges are compared with what Meta says it billed, ms; 0: never. */
  @WholeNumber(0)
  RECONCILE_INTERVAL_MS: number = 24 * 60 * 60_000;

  /** Of messages or amounts, how many per mille may not agree before an alert opens: Meta's own figures are approximate. */
  @WholeNumber(0, 1_000)
  RECONCILE_ALERT_PER_MILLE: number = 10;

  /** How long before its end a customer service window counts as closed for sending, seconds: a request takes time. */
  @WholeNumber(0, 3_600)
  WINDOW_SAFETY_MARGIN_SECONDS: number = 60;

  /** How long before its end clients are told that a conversation ends soon, seconds; 0: they are not. */
  @WholeNumber(0, 86_400)
  CONVERSATION_EXPIRING_SOON_SECONDS: number = 3_600;

  /** How often a sender whose breaker is open is probed, ms. */
  @WholeNumber(10)
  LANE_PROBE_INTERVAL_MS: number = 5_000;

  /** How often the feeder looks for due messages by itself, ms. */
  @WholeNumber(10)
  FEED_INTERVAL_MS: number = 500;

  /** After how long a fed message that nobody claimed is fed again (protocol §8), ms. */
  @WholeNumber(100)
  REFEED_AFTER_MS: number = 60_000;

  /** How often the reaper looks for leases that ran out, ms. */
  @WholeNumber(10)
  REAP_INTERVAL_MS: number = 5_000;

  /** How often the sweeper ends expired messages and frees stuck notifications, ms. */
  @WholeNumber(10)
  SWEEP_INTERVAL_MS: number = 30_000;

  /** How long a worker owns a notification that it applies, ms. */
  @WholeNumber(100)
  INBOX_LEASE_MS: number = 30_000;

  /** How long a worker may claim nothing, although messages wait, before its queue connections are made anew (protocol §12), ms. */
  @WholeNumber(100)
  WATCHDOG_RECREATE_MS: number = 60_000;

  /** How long before it ends, to be started anew, ms. */
  @WholeNumber(100)
  WATCHDOG_EXIT_MS: number = 180_000;

  /** Folder for outcomes of attempts while Postgres does not take them (protocol §5). */
  @MinLength(1, { message: 'OUTCOME_JOURNAL_DIR must not be empty' })
  OUTCOME_JOURNAL_DIR: string = '.herald/journal';

  /** After how long an authentication message counts as dropped of which Meta says no more (protocol §3: 10 minutes and 5), ms. */
  @WholeNumber(100)
  PRESUMED_DROPPED_AUTHENTICATION_MS: number = 900_000;

  /** The same for all other messages (30 days and 3), ms. */
  @WholeNumber(100, 10_000_000_000)
  PRESUMED_DROPPED_MS: number = 2_851_200_000;

  /** Folder for files of messages; every process of Herald must see the same one. Not used with MEDIA_S3_BUCKET. */
  @MinLength(1, { message: 'MEDIA_DIR must not be empty' })
  MEDIA_DIR: string = '.herald/media';

  /** Bucket for files of messages, in S3 or what speaks its protocol. */
  @IsOptional()
  @Matches(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, { message: 'MEDIA_S3_BUCKET must be the name of a bucket' })
  MEDIA_S3_BUCKET?: string;

  /** Where that bucket is, if not at Amazon; buckets are then addressed by path. */
  @IsOptional()
  @BaseUrl()
  MEDIA_S3_ENDPOINT?: string;

  /** Region of the bucket. */
  @MinLength(1, { message: 'MEDIA_S3_REGION must not be empty' })
  MEDIA_S3_REGION: string = 'us-east-1';

  /** Key for the bucket; left out, the S3 client looks where it usually does (role of the machine, its own variables). */
  @IsOptional()
  @MinLength(1, { message: 'MEDIA_S3_ACCESS_KEY_ID must not be empty' })
  MEDIA_S3_ACCESS_KEY_ID?: string;

  /** Its secret. */
  @IsOptional()
  @MinLength(1, { message: 'MEDIA_S3_SECRET_ACCESS_KEY must not be empty' })
  MEDIA_S3_SECRET_ACCESS_KEY?: string;

  /** Hosts of links with `mediaMode: upload` that may be fetched from although their addresses are not public, comma-separated. */
  @IsOptional()
  @Transform(list)
  @Matches(/^[A-Za-z0-9.:-]{1,253}$/, {
    each: true,
    message: 'MEDIA_LINK_PRIVATE_HOSTS must be host names, separated by commas',
  })
  MEDIA_LINK_PRIVATE_HOSTS?: string[];

  /** Words with which a contact ends marketing, comma-separated: each is all of a message or of a button. A lone comma: none. */
  @Transform(list)
  @MaxLength(100, {
    each: true,
    message: 'OPT_OUT_KEYWORDS must hold words of at most 100 characters, separated by commas',
  })
  OPT_OUT_KEYWORDS: string[] = DEFAULT_OPT_OUT_KEYWORDS;

  /** Words with which a contact lets it begin again. */
  @Transform(list)
  @MaxLength(100, {
    each: true,
    message: 'OPT_IN_KEYWORDS must hold words of at most 100 characters, separated by commas',
  })
  OPT_IN_KEYWORDS: string[] = DEFAULT_OPT_IN_KEYWORDS;

  /** How long a file is kept after its last use, days. */
  @WholeNumber(1, 3_650)
  MEDIA_KEEP_DAYS: number = 30;

  /** How long an Idempotency-Key is remembered, hours. */
  @WholeNumber(24)
  IDEMPOTENCY_HOURS: number = 72;

  /** How many whole months of raw rows are kept besides the running one; not set: all of them. Nothing that is open needs more than the least. */
  @IsOptional()
  @WholeNumber(3, 1_200)
  RETENTION_MONTHS?: number;
}
