const DAY_MS = 24 * 60 * 60_000;
/** Meta keeps an uploaded file 30 days; from this age on it is uploaded again before it is sent. */
export const RENEW_AFTER_MS = 29 * DAY_MS;

/** Whether Meta may not have the file any more, or never had it. */
export const needsUpload = (
  { metaId, uploadedAt }: { metaId: string | null; uploadedAt: Date | null },
  now: number,
): boolean => metaId === null || uploadedAt === null || now - uploadedAt.getTime() >= RENEW_AFTER_MS;
