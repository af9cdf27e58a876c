import { Controller, Get, Res } from '@nestjs/common';
import { HealthService, type Readiness } from './health.service.js';
import { OpenRoute } from './open-route.decorator.js';

/** The part of a Fastify reply that a health answer needs. */
interface Reply {
  status(code: number): unknown;
}

/** `/health/live` and `/health/ready`, on every process. */
@Controller('health')
export class HealthController {
  constructor(private readonly health: HealthService) {}

  /** 200 as long as the event loop turns. */
  @Get('live')
  @OpenRoute('orchestrators ask it; it says nothing of any client')
  live(): { status: 'up' } {
    return { status: 'up' };
  }

  /** 200 when this process can do its work (also `degraded`), 503 when not. */
  @Get('ready')
  @OpenRoute('orchestrators ask it; it says nothing of any client')
  async ready(@Res({ passthrough: true }) reply: Reply): Promise<Readiness> {
    const readiness = await this.health.readiness();
    if (readiness.status === 'down') reply.status(503);
    return readiness;
  }
}
