import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Logger } from '#observability';
import { A_SENDER, aMessage, aSender } from '#testing';
import { AlertDirectory } from './alert-directory.js';
import { writeHold } from './write-hold.js';
import { type DeliveryWorld, openDeliveryWorld } from './specs/delivery-world.js';
import { TellAlertsService } from './tell-alerts.service.js';

let world: DeliveryWorld;
beforeAll(async () => {
  world = await openDeliveryWorld();
  await aSender(world.database);
}, 60_000);
afterAll(() => world.close());

/** A process and what its log says. */
function aProcess() {
  const lines: object[] = [];
  const logger = { warn: (event: string, fields: object) => lines.push({ event, ...fields }) } as unknown as Logger;
  return { alerts: new TellAlertsService(new AlertDirectory(world.database), logger), lines };
}

describe('the log', () => {
  it('says once of each alert that it is open, whoever opened it and however often it is seen', async () => {
    const { recipient } = await aMessage(world.database);
    const { phoneNumberId, wabaId } = A_SENDER;
    const place = {
      ...{ appId: 'an-app', accessTokenId: 'a-token', portfolioId: 'a-portfolio', wabaId, phoneNumberId, recipient },
      templateKey: null,
    };
    // As a `failed` status pauses: no answer of Graph is there.
    const pause = (code: number, scope: 'waba' | 'sender') =>
      world.database.transaction((tx) => writeHold(tx, { action: 'PAUSE', code, scope, title: 'x' }, place, 0));
    const { alerts, lines } = aProcess();
    expect(await alerts.tell()).toBe(0);
    await pause(131042, 'waba');
    await pause(131042, 'waba');
    await alerts.tell();
    await pause(131042, 'waba');
    await alerts.tell();
    expect(lines).toEqual([{ event: 'alert.opened', kind: 'sending_paused', scope: 'waba', count: 2, wabaId }]);
    await pause(131045, 'sender');
    await world.holds.release({ scope: 'waba', scopeId: wabaId });
    await alerts.tell();
    await pause(131042, 'waba');
    await alerts.tell();
    expect(lines.slice(1)).toMatchObject([
      { scope: 'sender', lane: phoneNumberId },
      { scope: 'waba', count: 1 },
    ]);
    const later = aProcess();
    expect(await later.alerts.tell()).toBe(2);
  });
});
