import { Module } from '@nestjs/common';
import { Environment } from '#config';
import { GraphTemplates } from '#graph-api';
import { SendersModule } from '#senders';
import { CheckTemplateService } from './check-template.service.js';
import { ManageTemplatesService } from './manage-templates.service.js';
import { SyncTemplatesService } from './sync-templates.service.js';
import { TemplateDirectory } from './template-directory.js';

const openGraph = (environment: Environment) =>
  new GraphTemplates({
    baseUrl: environment.GRAPH_API_BASE_URL,
    version: environment.GRAPH_API_VERSION,
    connectTimeoutMs: environment.GRAPH_CONNECT_TIMEOUT_MS,
    totalTimeoutMs: environment.GRAPH_TIMEOUT_MS,
  });

const SERVICES = [CheckTemplateService, ManageTemplatesService, SyncTemplatesService, TemplateDirectory];

/** Templates: what Meta has of them, and what may be sent with them. */
@Module({
  imports: [SendersModule],
  providers: [{ provide: GraphTemplates, useFactory: openGraph, inject: [Environment] }, ...SERVICES],
  exports: SERVICES,
})
export class TemplatesModule {}
