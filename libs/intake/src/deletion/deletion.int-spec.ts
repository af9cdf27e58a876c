import { createHash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { A_SENDER, aMessage, eventually } from '#testing';
import { aDelivery, anInbound, aStatus, type IntakeWorld, openIntakeWorld } from '../specs/intake-world.js';

let world: IntakeWorld;
beforeAll(async () => {
  world = await openIntakeWorld();
}, 60_000);
afterAll(() => world.close());
beforeEach(() => world.clear());

const SECRET = 'my account number is 4711';
const now = Math.floor(Date.now() / 1_000);
const aText = (wamid = 'wamid.in') => ({ ...anInbound(wamid, SECRET), timestamp: String(now - 60) });
const anImage = () => ({
  ...anInbound('wamid.in'),
  type: 'image',
  text: undefined,
  image: { id: '900', caption: SECRET },
});
const anEdit = (wamid = 'wamid.edit') => ({
  ...anInbound(wamid),
  type: 'edit',
  text: undefined,
  edit: { original_message_id: 'wamid.in', message: { type: 'text', text: { body: `${SECRET}, sorry` } } },
});
const aRevoke = (target = 'wamid.in') => ({
  ...anInbound(`wamid.revoke.${target}`),
  timestamp: String(now),
  type: 'revoke',
  text: undefined,
  revoke: { original_message_id: target },
});
const ofMessages = (...messages: object[]) => aDelivery({ messages });
const DELETIONS = {
  'a revoke': ofMessages(aRevoke()),
  'a status': aDelivery({ statuses: [aStatus({ wamid: 'wamid.in', status: 'deleted', ts: now })] }),
};
const deletions = Object.entries(DELETIONS);

/** Stores deliveries and applies them, one after the other. @returns their inbox ids */
async function hear(...bodies: object[]): Promise<string[]> {
  const ids: string[] = [];
  for (const body of bodies) {
    ids.push(await world.store(body));
    await world.newIntake().apply();
  }
  return ids;
}
const message = (wamid = 'wamid.in') => world.database.prisma.inboundMessage.findUniqueOrThrow({ where: { wamid } });
const inbox = (id?: string) => world.database.prisma.inbox.findUniqueOrThrow({ where: { id: String(id) } });
/** Whether anything that is stored has it: raw bytes as the text that they are. */
async function isStored(text: string): Promise<boolean> {
  const raws = await world.database.prisma.inbox.findMany();
  const { inbox: _bytes, ...tables } = await world.dump();
  return [JSON.stringify(tables), ...raws.map(({ raw }) => Buffer.from(raw).toString())].some((all) =>
    all.includes(text),
  );
}

describe('a message that its contact deletes', () => {
  it.each(deletions)('by %s is erased, also where it came in; that it was there stays', async (_by, deletion) => {
    const [inboxId] = await hear(ofMessages(aText(), anInbound('wamid.other')));
    expect(await isStored(SECRET)).toBe(true);
    const { sha256 } = await inbox(inboxId);
    await hear(deletion);
    expect(await isStored(SECRET)).toBe(false);
    expect(await message()).toMatchObject({
      type: 'text',
      contact: '15550100101',
      ts: new Date((now - 60) * 1_000),
      deletedAt: new Date(now * 1_000),
      content: { id: 'wamid.in', type: 'text' },
    });
    expect(await inbox(inboxId)).toMatchObject({ sha256, redactedAt: expect.any(Date) });
    expect(await message('wamid.other')).toMatchObject({ deletedAt: null, content: { text: { body: 'Hello' } } });
    expect(Buffer.from((await inbox(inboxId)).raw).toString()).toContain('Hello');
  });

  it.each(deletions)('by %s before it came is stored erased', async (_by, deletion) => {
    const [, inboxId] = await hear(deletion, ofMessages(aText()));
    expect(await message()).toMatchObject({ type: 'text', deletedAt: new Date(now * 1_000) });
    expect(await inbox(inboxId)).toMatchObject({ redactedAt: expect.any(Date) });
    expect(await isStored(SECRET)).toBe(false);
  });

  it.each(deletions)('by %s in the same batch is stored erased', async (_by, deletion) => {
    for (const body of [deletion, ofMessages(aText())]) await world.store(body);
    await world.newIntake().apply();
    expect(await message()).toMatchObject({ deletedAt: new Date(now * 1_000) });
    expect(await isStored(SECRET)).toBe(false);
  });

  it.each(deletions)('by %s takes its file along', async (_by, deletion) => {
    await hear(ofMessages(anImage()));
    await world.run(`UPDATE media_asset SET filename = 'scan.png'`);
    await hear(deletion);
    const deleted = { state: 'deleted', filename: null, deletedAt: expect.any(Date), nextTryAt: expect.any(Date) };
    expect(await world.database.prisma.mediaAsset.findMany()).toMatchObject([deleted]);
    await world.clear();
    await hear(deletion, ofMessages(anImage()));
    expect(await world.database.prisma.mediaAsset.findMany()).toMatchObject([deleted]);
  });

  it.each([
    ['first', (own: object, original: object) => [own, original]],
    ['last', (own: object, original: object) => [original, own]],
  ])('dates an edit by the earlier deletion, its own told %s', async (_when, inOrder) => {
    const ofEdit = ofMessages({ ...aRevoke('wamid.edit'), timestamp: String(now + 9) });
    await hear(ofMessages(aText(), anEdit()), ...inOrder(ofEdit, DELETIONS['a revoke']));
    expect(await message('wamid.edit')).toMatchObject({ deletedAt: new Date(now * 1_000) });
  });

  it('takes its edits along, whenever they come', async () => {
    await hear(ofMessages(aText()), ofMessages(anEdit()), DELETIONS['a revoke'], ofMessages(anEdit('wamid.later')));
    expect(await isStored(SECRET)).toBe(false);
    for (const wamid of ['wamid.edit', 'wamid.later'])
      expect(await message(wamid)).toMatchObject({ type: 'edit', deletedAt: new Date(now * 1_000) });
  });

  it('is erased wherever else it was delivered, before and after', async () => {
    const again = (n: number) => ofMessages(aText(), anInbound(`wamid.${n}`));
    await hear(again(1), again(2), DELETIONS['a revoke'], again(3));
    expect(await isStored(SECRET)).toBe(false);
    expect(await world.database.prisma.inboundMessage.count({ where: { deletedAt: null } })).toBe(4);
  });

  it('after another one of the same delivery is erased, too', async () => {
    const [inboxId] = await hear(
      ofMessages(aText(), aText('wamid.second'), anInbound('wamid.other')),
      DELETIONS['a revoke'],
      ofMessages(aRevoke('wamid.second')),
    );
    expect(await isStored(SECRET)).toBe(false);
    expect(Buffer.from((await inbox(inboxId)).raw).toString()).toContain('Hello');
  });

  describe('that could not be applied', () => {
    const poison = (when: 'ENABLE' | 'DISABLE') => world.run(`ALTER TABLE inbound_message ${when} TRIGGER poison`);
    beforeAll(async () => {
      await world.run(`CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NEW.wamid IN ('wamid.in', 'wamid.edit') THEN RAISE EXCEPTION 'no' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$`);
      await world.run('CREATE TRIGGER poison BEFORE INSERT ON inbound_message FOR EACH ROW EXECUTE FUNCTION poison()');
    });
    beforeEach(() => poison('ENABLE'));
    afterAll(() => poison('DISABLE'));
    /** Stores a notification of which an item fails for good. */
    async function bury(body: object): Promise<string> {
      const id = await world.store(body);
      await world.run('UPDATE inbox_work SET tries = 4 WHERE inbox_id = $1', id);
      await world.newIntake().apply();
      expect(await world.database.prisma.inboxWork.findUnique({ where: { inboxId: id } })).toMatchObject({
        state: 'dead',
      });
      return id;
    }

    it.each(deletions)('by %s is erased where it came in, and can still be applied', async (_by, deletion) => {
      const id = await bury(ofMessages(aText(), anInbound('wamid.other')));
      await bury(ofMessages(anEdit()));
      const { sha256 } = await inbox(id);
      expect(await isStored(SECRET)).toBe(true);
      await hear(deletion);
      expect(await isStored(SECRET)).toBe(false);
      expect(await inbox(id)).toMatchObject({ sha256, redactedAt: expect.any(Date) });
      expect(Buffer.from((await inbox(id)).raw).toString()).toContain('Hello');
      await poison('DISABLE');
      await world.run(`UPDATE inbox_work SET state = 'received', next_try_at = now() - interval '1 second'`);
      await world.newIntake().apply();
      expect(await message()).toMatchObject({ type: 'text', deletedAt: new Date(now * 1_000) });
    });

    it.each(deletions)('and came after it was deleted by %s is erased when it is given up', async (_by, deletion) => {
      await hear(deletion);
      for (const body of [aText(), anEdit()]) await bury(ofMessages(body));
      expect(await isStored(SECRET)).toBe(false);
    });

    it('and is of another sender is not touched', async () => {
      const id = await bury(ofMessages(aText()));
      const ofOther = aDelivery({ messages: [aText()] }, { phoneNumberId: '8', wabaId: A_SENDER.wabaId });
      await world.run(
        'UPDATE inbox SET raw = $2, redacted_at = now() WHERE id = $1',
        id,
        Buffer.from(JSON.stringify(ofOther)),
      );
      await hear(DELETIONS['a revoke']);
      expect(await isStored(SECRET)).toBe(true);
    });
  });

  it('of another sender is not touched', async () => {
    await hear(ofMessages(aText()));
    await world.run(`UPDATE inbound_message SET phone_number_id = '800000000000777'`);
    await hear(DELETIONS['a revoke']);
    expect(await message()).toMatchObject({ deletedAt: null, content: { text: { body: SECRET } } });
  });

  it('is the same whatever comes first, and however often', async () => {
    const bodies = [ofMessages(aText()), ...Object.values(DELETIONS), ofMessages(anEdit())];
    const rows = async () => {
      const { inbound_message, inbound_deletion } = await world.dump();
      return [inbound_message, inbound_deletion].map((all) =>
        all?.map((row) => row.replaceAll(/[0-9a-f-]{36}|"[^"]*\+00"|\d{4}-\d\d-\d\d [\d:.]+\+\d\d"?\)?/g, '_')),
      );
    };
    const results = [];
    for (const order of [bodies, bodies.toReversed(), [...bodies, ...bodies]]) {
      await world.clear();
      await hear(...order);
      results.push([await rows(), (await message()).deletedAt]);
      expect(await isStored(SECRET)).toBe(false);
    }
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
  });

  it('while it is being stored is erased all the same, and deletions do not wait for each other in a circle', async () => {
    const stored = ofMessages(aText());
    const call = { id: 'wacid.1', from: '15550100101', direction: 'USER_INITIATED', timestamp: String(now) };
    const calls = { ...aDelivery({ calls: [call] }).entry[0]?.changes[0], field: 'calls' };
    const body = { ...stored, entry: [...stored.entry, { id: A_SENDER.wabaId, changes: [calls] }] };
    let letGo: () => void = () => {};
    const gate = new Promise<void>((resolve) => (letGo = resolve));
    // Calls are kept last: while another transaction has this one, intake has stored the message, and looked for its deletion.
    const holding = world.database.transaction(async (tx) => {
      const sql = `INSERT INTO inbound_call (id, phone_number_id, contact, started_at) VALUES ('wacid.1', '8', '1', now())`;
      await tx.query({ name: '', sql }, []);
      await gate;
    });
    const applying: Promise<unknown>[] = [];
    try {
      for (const delivery of [body, DELETIONS['a revoke'], ofMessages(aRevoke('wamid.second'))]) {
        await world.store(delivery);
        applying.push(world.newIntake().apply());
        await waitsForLock(applying.length);
      }
      // Other databases are copies, whose tables have the same ids. Only the one that stores the message has stored anything: of two deletions that had, each would wait for the other.
      expect(
        await world.run(
          `SELECT FROM pg_locks WHERE relation = 'inbound_message'::regclass AND mode = 'RowExclusiveLock' AND granted
             AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
        ),
      ).toHaveLength(1);
    } finally {
      letGo();
      await Promise.all([holding, ...applying]);
    }
    expect(await message()).toMatchObject({ deletedAt: new Date(now * 1_000) });
    expect(await isStored(SECRET)).toBe(false);
  });
});

/** Until so many transactions wait for another one. */
const waitsForLock = (count: number) =>
  eventually(async () => {
    const waiting = await world.run(
      `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
    );
    expect(waiting).toHaveLength(count);
  });

describe('a message of ours that is reported as deleted', () => {
  const content = (id: string) => world.database.prisma.messageContent.findUniqueOrThrow({ where: { id } });

  it('keeps its state and loses its content, once', async () => {
    const { id } = await aMessage(world.database, {
      state: 'accepted',
      content: { type: 'text', text: { body: SECRET } },
      attempts: [{ state: 'accepted', wamid: 'wamid.ours' }],
    });
    const statuses = [aStatus({ wamid: 'wamid.ours', status: 'deleted', ts: now })];
    await hear(aDelivery({ statuses }));
    const erased = await content(id);
    expect(erased).toMatchObject({ content: null, erasedAt: expect.any(Date) });
    await hear(aDelivery({ statuses }));
    expect(await content(id)).toEqual(erased);
    expect(await world.message(id)).toMatchObject({ state: 'accepted', deletedAt: new Date(now * 1_000) });
    expect(await world.database.prisma.inboundDeletion.count()).toBe(0);
  });

  it('is still known to be of its template', async () => {
    const name = { name: 'order_ready', language: { code: 'en_US' } };
    const { id } = await aMessage(world.database, {
      state: 'accepted',
      content: { type: 'template', template: { ...name, components: [{ type: 'body', text: SECRET }] } },
      windowFallback: { type: 'template', template: { ...name, components: [SECRET] } },
    });
    await hear(aDelivery({ statuses: [aStatus({ wamid: 'wamid.x', status: 'deleted', opaque: `a1.${id}.1` })] }));
    const left = { type: 'template', template: name };
    expect(await content(id)).toMatchObject({ content: left, windowFallback: left });
    expect(JSON.stringify(await content(id))).not.toContain(SECRET);
  });

  describe('with a file', () => {
    const [ofLinks, ofClient] = [uuidv7(), uuidv7()];
    /** A file, and a message of ours whose link it was. */
    async function aLinked(wamid: string, ...assets: string[]): Promise<void> {
      const { id } = await aMessage(world.database, {
        state: 'accepted',
        attempts: [{ state: 'accepted', wamid }],
      });
      for (const asset of assets)
        await world.run(`INSERT INTO message_link VALUES ($1, sha256(convert_to($2, 'UTF8')), $2::uuid)`, id, asset);
    }
    const files = async () => {
      const rows = await world.database.prisma.mediaAsset.findMany({ orderBy: { id: 'asc' } });
      return rows.map(({ state, filename }) => [state, filename]);
    };
    const deleteMessage = (wamid: string) =>
      hear(aDelivery({ statuses: [aStatus({ wamid, status: 'deleted', ts: now })] }));
    beforeEach(async () => {
      await world.run('TRUNCATE message_link');
      await world.run(
        `INSERT INTO media_asset (id, phone_number_id, direction, state, filename, storage_key, kind, mime_type, sha256, size_bytes, is_of_links)
        SELECT id, $2, 'upload', 'stored', 'scan.png', id::text, 'image', 'image/png', encode(sha256(convert_to(id::text, 'UTF8')), 'hex'), 1, id = $3
        FROM unnest($1::uuid[]) id`,
        [ofLinks, ofClient],
        A_SENDER.phoneNumberId,
        ofLinks,
      );
    });

    it('loses what its link brought, and not what a client uploaded', async () => {
      await aLinked('wamid.ours', ofLinks, ofClient);
      await deleteMessage('wamid.ours');
      expect(await files()).toEqual([
        ['deleted', null],
        ['stored', 'scan.png'],
      ]);
      const [{ nextTryAt, deletedAt } = {}] = await world.database.prisma.mediaAsset.findMany({
        where: { id: ofLinks },
      });
      expect([nextTryAt, deletedAt]).toEqual([expect.any(Date), expect.any(Date)]);
    });

    it('that another message has, too, loses it with the last of them', async () => {
      for (const wamid of ['wamid.ours', 'wamid.second']) await aLinked(wamid, ofLinks);
      await deleteMessage('wamid.ours');
      expect((await files())[0]).toEqual(['stored', 'scan.png']);
      await deleteMessage('wamid.second');
      expect((await files())[0]).toEqual(['deleted', null]);
    });
  });

  it('before we know its wamid is erased once we do', async () => {
    const { id } = await aMessage(world.database, { state: 'sending' });
    await hear(aDelivery({ statuses: [aStatus({ wamid: 'wamid.ours', status: 'deleted', ts: now })] }));
    expect(await content(id)).toMatchObject({ erasedAt: null });
    await hear(aDelivery({ statuses: [aStatus({ wamid: 'wamid.ours', status: 'sent', opaque: `a1.${id}.1` })] }));
    expect(await content(id)).toMatchObject({ content: null, erasedAt: expect.any(Date) });
  });

  it('and is not deleted keeps its content', async () => {
    const { id } = await aMessage(world.database, { state: 'accepted' });
    await hear(aDelivery({ statuses: [aStatus({ wamid: 'wamid.x', status: 'read', opaque: `a1.${id}.1` })] }));
    expect(await content(id)).toMatchObject({ erasedAt: null, content: { type: 'text' } });
  });
});

it('the hash of a redacted notification is that of the bytes that came', async () => {
  const raw = JSON.stringify(ofMessages(aText()));
  const id = await world.store(raw);
  await world.newIntake().apply();
  await hear(DELETIONS['a revoke']);
  expect(Buffer.from((await inbox(id)).sha256)).toEqual(createHash('sha256').update(raw).update(id).digest());
  expect(A_SENDER.phoneNumberId).toBe((await message()).phoneNumberId);
});
