/** The first part of every drop-in address: a version from v13.0 to v99.0. All mean the same. */
export const VERSION_PARAMETER = ':version(^v(?:1[3-9]|[2-9][0-9])\\.0$)';

/** Whether an address is one of the drop-in API, where errors have Meta's shape. */
export const isCloudPath = (url: string): boolean => /^\/v\d{2}\.0(\/|\?|$)/.test(url);
