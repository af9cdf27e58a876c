import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { StoredMedia } from '../media-store.js';
import type { Simulator } from '../simulator.js';
import { GRAPH_VERSION, requireToken, sendGraphError, sendUnknownObject } from './graph-access.js';

/** Meta's largest kind of file is 100 MB; the rest is room for the form around it. */
const UPLOAD_LIMIT = 101 * 1024 * 1024;

interface MediaRoute {
  Params: { id: string };
}

/** `POST /{version}/{phone-number-id}/media`, the download address, and deleting. (Reading one is in node.routes.) */
export function mediaRoutes(root: FastifyInstance, simulator: Simulator): void {
  void root.register((app, _options, done) => {
    requireToken(app, simulator);
    app.addContentTypeParser('multipart/form-data', { parseAs: 'buffer' }, (_request, body, parsed) =>
      parsed(null, body),
    );
    app.post(`${GRAPH_VERSION}/:phoneNumberId/media`, { bodyLimit: UPLOAD_LIMIT }, async (request, reply) => {
      const form = await readForm(request);
      const file = form?.get('file');
      if (form?.get('messaging_product') !== 'whatsapp') {
        return sendGraphError(reply, 100, 'The parameter messaging_product is required.');
      }
      if (!(file instanceof File)) return sendGraphError(reply, 131008, 'The parameter file is required.');
      const type = form.get('type');
      const mimeType = typeof type === 'string' && type !== '' ? type : file.type;
      return { id: simulator.media.add(Buffer.from(await file.arrayBuffer()), mimeType).id };
    });
    app.get<MediaRoute>('/media-download/:id', ({ params }, reply) => {
      const media = simulator.media.find(params.id);
      return media === undefined ? reply.code(404).send() : reply.type(media.mimeType).send(media.content);
    });
    app.delete<MediaRoute>(`${GRAPH_VERSION}/:id`, ({ params }, reply) =>
      simulator.media.delete(params.id) ? reply.send({ success: true }) : sendUnknownObject(reply, params.id),
    );
    done();
  });
}

/** A media file as `GET /{media-id}` shows it; the address leads back to the host that was asked. */
export function mediaNode(media: StoredMedia, request: FastifyRequest): object {
  return {
    messaging_product: 'whatsapp',
    url: `http://${request.host}/media-download/${media.id}`,
    mime_type: media.mimeType,
    sha256: media.sha256,
    file_size: String(media.content.length),
    id: media.id,
  };
}

/** The platform's own parser reads the form; null for a body that is none. */
async function readForm({ headers, body }: FastifyRequest): Promise<FormData | null> {
  if (!Buffer.isBuffer(body)) return null;
  const form = new Response(new Uint8Array(body), { headers: { 'content-type': headers['content-type'] ?? '' } });
  return form.formData().catch(() => null);
}
