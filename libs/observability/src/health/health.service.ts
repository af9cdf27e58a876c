import { Injectable } from '@nestjs/common';

/** What one part says of itself: `down` fails readiness, `degraded` does not. */
export interface HealthReport {
  status: 'up' | 'degraded' | 'down';
  /** Why, in a few plain words; never a value. */
  reason?: string;
}

export interface Readiness {
  status: 'up' | 'degraded' | 'down';
  parts: Record<string, HealthReport>;
}

/** Readiness of this process: each room adds the check of its part when it starts. */
@Injectable()
export class HealthService {
  private readonly checks = new Map<string, () => Promise<HealthReport>>();
  private isStopping = false;

  /** Adds the check of a part; it must answer within a second by itself. */
  add(part: string, check: () => Promise<HealthReport>): void {
    this.checks.set(part, check);
  }

  /** From now on this process is not ready (protocol §12, step 1). */
  stop(): void {
    this.isStopping = true;
  }

  async readiness(): Promise<Readiness> {
    const parts = Object.fromEntries(
      await Promise.all(
        [...this.checks].map(
          async ([part, check]) =>
            [part, await check().catch((): HealthReport => ({ status: 'down', reason: 'its check failed' }))] as const,
        ),
      ),
    );
    if (this.isStopping) parts['process'] = { status: 'down', reason: 'stopping' };
    const statuses = Object.values(parts).map(({ status }) => status);
    return { status: statuses.includes('down') ? 'down' : statuses.includes('degraded') ? 'degraded' : 'up', parts };
  }
}
