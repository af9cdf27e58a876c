import { SetMetadata } from '@nestjs/common';

/** Metadata that says why a route answers without an API key. The guard of `access` denies every route that has neither this nor a scope. */
export const OPEN_ROUTE = 'herald:open-route';

/** Lets a route answer without an API key. @param reason why that is safe; the test that walks all routes shows it. */
export const OpenRoute = (reason: string) => SetMetadata(OPEN_ROUTE, reason);
