import { Controller, Get, Res } from '@nestjs/common';
import { OpenRoute } from '../health/open-route.decorator.js';
import { MetricsService } from './metrics.service.js';

/** The part of a Fastify reply that the page needs. */
interface Reply {
  header(name: string, value: string): unknown;
}

/** `/metrics`, on every process. */
@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: MetricsService) {}

  /** Numbers for Prometheus. */
  @Get()
  @OpenRoute('scrapers ask it; it holds counts, and nothing of any client')
  async read(@Res({ passthrough: true }) reply: Reply): Promise<string> {
    const { contentType, text } = await this.metrics.page();
    reply.header('content-type', contentType);
    return text;
  }
}
