import { Injectable } from '@nestjs/common';
import { GraphSubscriptions } from '#graph-api';

/** An account, its token, and the Meta app that is meant to hear of it. */
export interface Listened {
  wabaId: string;
  accessToken: string;
  /** Meta's id of the app; any other name stands for whichever app is subscribed. */
  appId: string;
}

/** Whether Meta sends us the webhooks of an account; `reason` says why nobody knows. */
export type Subscription = { kind: 'subscribed' | 'not_subscribed' } | { kind: 'unknown'; reason: string };

const META_APP_ID = /^\d+$/;

/** Looks whether webhooks of an account come at all: without a subscription no status is ever heard. */
@Injectable()
export class SubscriptionService {
  constructor(private readonly graph: GraphSubscriptions) {}

  /** Asks Meta. Never rejects: a sender may be added all the same. */
  async look({ wabaId, accessToken, appId }: Listened): Promise<Subscription> {
    const apps = await this.graph.list(wabaId, accessToken);
    if (apps.kind === 'unknown') return apps;
    const isHeard = META_APP_ID.test(appId) ? apps.appIds.includes(appId) : apps.appIds.length > 0;
    return { kind: isHeard ? 'subscribed' : 'not_subscribed' };
  }

  /** Subscribes the app that the token belongs to. */
  async subscribe({ wabaId, accessToken }: Listened): Promise<Subscription> {
    const reason = await this.graph.subscribe(wabaId, accessToken);
    return reason === null ? { kind: 'subscribed' } : { kind: 'unknown', reason };
  }
}
