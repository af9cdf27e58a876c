import { Controller, Get, Post, Req, Res } from '@nestjs/common';
import { Environment } from '#config';
import { verifyHandshake, verifyWebhook } from '#graph-api';
import { StoreNotificationService } from '#intake';
import { Logger, OpenRoute } from '#observability';
import { KickIntakeService } from './kick-intake.service.js';

/** The parts of a Fastify request and reply that a delivery needs. */
interface RawRequest {
  body?: unknown;
  query: unknown;
  headers: Record<string, string | string[] | undefined>;
}
interface Reply {
  status(code: number): Reply;
  type(mediaType: string): Reply;
  send(body?: string): unknown;
}

/** Where Meta delivers. Answers before anything of a delivery is parsed; what is in it, the worker finds out. */
@Controller('webhooks/whatsapp')
export class WhatsappWebhookController {
  constructor(
    private readonly storeNotification: StoreNotificationService,
    private readonly kick: KickIntakeService,
    private readonly environment: Environment,
    private readonly logger: Logger,
  ) {}

  /** Meta's handshake: 200 with the challenge as text, or 403. */
  @Get()
  @OpenRoute('Meta calls it; the verify token is its key')
  handshake(@Req() request: RawRequest, @Res() reply: Reply): void {
    const {
      'hub.mode': mode,
      'hub.verify_token': token,
      'hub.challenge': challenge,
    } = request.query as Record<string, unknown>;
    const answer = verifyHandshake({ mode, token, challenge }, this.environment.META_VERIFY_TOKEN);
    if (answer === null) reply.status(403).type('text/plain').send('');
    else reply.status(200).type('text/plain').send(answer);
  }

  /** A delivery: 200 with no body once it is stored, 401 for a wrong signature, 503 while it cannot be stored. */
  @Post()
  @OpenRoute('Meta calls it; the signature over the raw bytes is its key')
  async deliver(@Req() request: RawRequest, @Res() reply: Reply): Promise<void> {
    const raw = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    if (!verifyWebhook(raw, request.headers['x-hub-signature-256'], this.environment.META_APP_SECRET)) {
      this.logger.warn('notification.refused', { reason: 'signature', status: 401 });
      reply.status(401).send();
      return;
    }
    reply.status(await this.store(raw)).send();
  }

  private async store(raw: Buffer): Promise<200 | 503> {
    try {
      if (await this.storeNotification.store(raw)) this.kick.kick();
      return 200;
    } catch (error) {
      this.logger.error('notification.not_stored', { status: 503 }, error);
      return 503;
    }
  }
}
