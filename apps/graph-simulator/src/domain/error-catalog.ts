/** One error of the platform: the HTTP status it comes with in an answer, and Meta's title. */
export interface CatalogError {
  /** Its place in recipient numbers (`nnn` in +1 555 012 nnnx). Never reused: new rows get new numbers. */
  index: number;
  code: number;
  httpStatus: number;
  title: string;
}

type Row = [index: number, code: number, httpStatus: number, title: string];

const ROWS: Row[] = [
  [0, 0, 401, 'AuthException'],
  [1, 1, 400, 'An unknown error occurred'],
  [2, 2, 503, 'Service temporarily unavailable'],
  [3, 3, 500, 'Capability or permissions issue.'],
  [4, 4, 400, 'API too many calls'],
  [5, 10, 403, 'Permission denied'],
  [6, 17, 400, 'User request limit reached'],
  [7, 32, 400, 'Page request limit reached'],
  [8, 33, 400, 'Parameter value is not valid'],
  [9, 100, 400, 'Invalid parameter'],
  [10, 102, 401, 'Session key invalid or no longer valid'],
  [11, 104, 400, 'Incorrect signature'],
  [12, 190, 401, 'Access token has expired'],
  [13, 200, 403, 'Provide valid app ID'],
  [14, 368, 403, 'Temporarily blocked for policies violations'],
  [15, 463, 400, 'Session expired'],
  [16, 467, 400, 'Invalid access token'],
  [17, 613, 400, 'Calls to this api have exceeded the rate limit'],
  [18, 80007, 400, 'Rate limit issues'],
  [19, 80008, 400, 'WhatsApp Business Management API rate limit'],
  [20, 130403, 400, 'User blocked by business'],
  [21, 130429, 400, 'Rate limit hit'],
  [22, 130472, 400, "User's number is part of an experiment"],
  [23, 130497, 403, 'Business account is restricted from messaging users in this country.'],
  [24, 131000, 500, 'Something went wrong'],
  [25, 131005, 403, 'Access denied'],
  [26, 131008, 400, 'Required parameter is missing'],
  [27, 131009, 400, 'Parameter value is not valid'],
  [28, 131016, 500, 'Service unavailable'],
  [29, 131020, 400, 'Group unknown'],
  [30, 131021, 400, 'Recipient cannot be sender'],
  [31, 131026, 400, 'Message undeliverable'],
  [32, 131030, 400, 'Recipient phone number not in allowed list'],
  [33, 131031, 403, 'Account has been locked'],
  [34, 131037, 400, 'Display name approval needed'],
  [35, 131041, 400, 'Group cursor invalid'],
  [36, 131042, 400, 'Business eligibility payment issue'],
  [37, 131044, 400, 'Payment method missing'],
  [38, 131045, 500, 'Incorrect certificate'],
  [39, 131047, 400, 'Re-engagement message'],
  [40, 131048, 400, 'Spam rate limit hit'],
  [41, 131049, 400, 'This message was not delivered to maintain healthy ecosystem engagement.'],
  [42, 131050, 400, 'User has stopped marketing messages'],
  [43, 131051, 400, 'Unsupported message type'],
  [44, 131052, 400, 'Media download error'],
  [45, 131053, 400, 'Media upload error'],
  [46, 131055, 400, 'Method not allowed'],
  [47, 131056, 400, '(Business Account, Consumer Account) pair rate limit hit'],
  [48, 131057, 500, 'Account in maintenance mode'],
  [49, 131059, 400, 'Group request succeeded in part'],
  [50, 131060, 400, 'Message unavailable'],
  [51, 131061, 400, 'Message not sent'],
  [52, 131062, 400, 'BSUID recipient not supported'],
  [53, 131063, 400, 'Marketing templates disabled'],
  [54, 131064, 400, 'Messaging limit reached'],
  [55, 131208, 400, 'Group rate limit hit'],
  [56, 132000, 400, 'Number of parameters does not match the expected number of params'],
  [57, 132001, 404, 'Template name does not exist in the translation'],
  [58, 132005, 400, 'Translated text too long'],
  [59, 132007, 400, 'Template format character policy violated'],
  [60, 132008, 400, 'Template parameter value not valid'],
  [61, 132012, 400, 'Parameter format does not match format in the created template'],
  [62, 132015, 400, 'Template is paused'],
  [63, 132016, 400, 'Template is disabled'],
  [64, 132018, 400, 'Template validation error'],
  [65, 132068, 400, 'Flow is in blocked state'],
  [66, 132069, 400, 'Flow is in throttled state'],
  [67, 133000, 500, 'Incomplete deregistration'],
  [68, 133004, 503, 'Server temporarily unavailable'],
  [69, 133005, 400, 'Two step verification PIN mismatch'],
  [70, 133006, 400, 'Phone number re-verification needed'],
  [71, 133008, 400, 'Too many two step verification PIN guesses'],
  [72, 133009, 400, 'Two step verification PIN guessed too fast'],
  [73, 133010, 400, 'The account is not registered'],
  [74, 133015, 400, 'Phone number was deleted recently'],
  [75, 133016, 400, 'Account register and deregister rate limit exceeded'],
  [76, 134011, 400, 'WhatsApp Payments terms of service not accepted'],
  [77, 134100, 400, 'Only marketing messages supported'],
  [78, 134101, 400, 'Your template is still syncing'],
  [79, 134102, 500, 'Template unavailable for use'],
  [80, 135000, 400, 'Generic user error'],
  [81, 137000, 400, 'Recipient identity key hash mismatch'],
  [82, 138006, 400, 'No call permission'],
  [83, 138009, 400, 'Call permission request limit hit'],
  [84, 139000, 400, 'Flow blocked by integrity'],
  [85, 139100, 400, 'Block list request failed'],
  [86, 139103, 500, 'Block list internal error'],
  [87, 1752041, 400, 'Duplicate onboarding request'],
  [90, 999001, 400, 'An error code that is not documented'],
  [91, 999002, 500, 'An error code that is not documented, from a failing server'],
];

/** Every error that a recipient number can ask for, in index order. */
export const ERROR_CATALOG: readonly CatalogError[] = ROWS.map(([index, code, httpStatus, title]) => ({
  index,
  code,
  httpStatus,
  title,
}));

const byCode = new Map(ERROR_CATALOG.map((error) => [error.code, error]));
const byIndex = new Map(ERROR_CATALOG.map((error) => [error.index, error]));

/** The error with this code; for a code that is not listed, one with HTTP 400 and a title of its own. */
export function errorOfCode(code: number): Omit<CatalogError, 'index'> {
  return byCode.get(code) ?? { code, httpStatus: 400, title: `Error ${code}` };
}

/** The code at an index, or null where the table has no row. */
export function codeAtIndex(index: number): number | null {
  return byIndex.get(index)?.code ?? null;
}
