import { Module } from '@nestjs/common';
import { IntakeModule } from '#intake';
import { KickIntakeService } from './kick-intake.service.js';
import { WhatsappWebhookController } from './whatsapp-webhook.controller.js';

/** Meta's deliveries. Needs Config, Observability, Persistence and Queues beside it. */
@Module({ imports: [IntakeModule], controllers: [WhatsappWebhookController], providers: [KickIntakeService] })
export class WebhooksModule {}
