import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { GraphMedia, MediaResult, MediaUpload } from '#graph-api';
import { Logger } from '#observability';
import { Database } from '#persistence';
import type { SenderDirectory } from '#senders';
import { A_SENDER, aSender, createTestDatabase } from '#testing';
import { MediaLibrary } from '../media-library.js';
import { NoteUseService } from '../note-use.service.js';
import { ReceiveMediaService } from '../receive-media.service.js';
import { SendableMediaService } from '../sendable-media.service.js';
import { FolderStorage } from '../storage/folder-storage.js';
import { UploadToMetaService } from '../upload-to-meta.service.js';

/** Graph as far as files go: it does as it is told, and notes what it was asked. */
export function aGraph() {
  let lastId = 5_000;
  const graph = {
    asked: [] as string[],
    uploads: [] as MediaResult<string>[],
    deletes: [] as MediaResult<true>[],
    upload: async ({ content }: MediaUpload): Promise<MediaResult<string>> => {
      graph.asked.push('upload');
      await buffer(content);
      return graph.uploads.shift() ?? { kind: 'done', value: String((lastId += 1)) };
    },
    delete: (metaId: string): Promise<MediaResult<true>> => {
      graph.asked.push(`delete ${metaId}`);
      return Promise.resolve(graph.deletes.shift() ?? { kind: 'done', value: true });
    },
  };
  return graph;
}

/** The services for files on a database and a folder of their own, with a Graph that does as it is told. */
export async function openMediaWorld() {
  const testDatabase = await createTestDatabase();
  const database = new Database({ url: testDatabase.url, poolMax: 10, statementTimeoutMs: 15_000 });
  const folder = await mkdtemp(join(tmpdir(), 'herald-media-'));
  const storage = new FolderStorage(folder);
  const logger = Logger.create('silent');
  const senders = { credentials: () => Promise.resolve({ accessToken: 'EAAG' }) } as unknown as SenderDirectory;
  await aSender(database);
  const run = <Row = Record<string, unknown>>(sql: string, ...values: unknown[]) =>
    database.query<Row>({ name: '', sql }, values);
  const setup = () => {
    const graph = aGraph();
    const asGraph = graph as unknown as GraphMedia;
    const meta = new UploadToMetaService(asGraph, senders, storage, logger);
    const receive = new ReceiveMediaService(database, storage, meta, logger);
    const sendable = new SendableMediaService(database, meta, logger);
    const aFile = async (content: string = randomUUID(), phoneNumberId = A_SENDER.phoneNumberId) =>
      receive.keep(
        await receive.receive({
          phoneNumberId,
          content: Readable.from([Buffer.from(content)], { objectMode: false }),
          filename: 'a.txt',
          mimeType: 'text/plain',
        }),
        'text/plain',
      );
    const library = new MediaLibrary(database, storage, asGraph, senders, logger);
    const uses = new NoteUseService(database);
    return { graph, receive, sendable, library, uses, aFile, logger, senders, meta, asGraph };
  };
  return {
    database,
    folder,
    storage,
    run,
    setup,
    /** As if Meta had got it so long ago. */
    age: (id: string, days: number) =>
      run(`UPDATE media_asset SET uploaded_at = uploaded_at - $2 * interval '1 day' WHERE id = $1`, id, days),
    row: (id: string) => database.prisma.mediaAsset.findUniqueOrThrow({ where: { id } }),
    close: async () => {
      await database.close();
      await testDatabase.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
export type MediaWorld = Awaited<ReturnType<typeof openMediaWorld>>;
