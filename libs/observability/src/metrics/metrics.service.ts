import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';

/** Adds numbers to the page as they are at the moment of asking. */
export type Collector = (registry: Registry) => Promise<void>;

/**
 * What this process counts, in the words of Prometheus. Labels are few and known beforehand: never an id, a number or a text
 * that somebody wrote.
 */
@Injectable()
export class MetricsService {
  private readonly registry = new Registry();
  private readonly collectors: Collector[] = [];
  private readonly requests: Histogram<'method' | 'route' | 'status'>;
  private readonly attempts: Counter<'outcome'>;

  constructor() {
    collectDefaultMetrics({ register: this.registry, prefix: 'herald_' });
    this.requests = new Histogram({
      name: 'herald_http_request_duration_seconds',
      help: 'HTTP requests by method, route template and status',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers: [this.registry],
    });
    this.attempts = new Counter({
      name: 'herald_attempts_total',
      help: 'Attempts that ended in this process, by outcome',
      labelNames: ['outcome'],
      registers: [this.registry],
    });
  }

  /** @param route the template, such as `/v1/messages/:id` */
  observeRequest({ method, route, status }: { method: string; route: string; status: number }, seconds: number): void {
    this.requests.observe({ method, route, status: String(status) }, seconds);
  }

  countAttempt(outcome: string): void {
    this.attempts.inc({ outcome });
  }

  /** Adds what is read only when somebody asks. */
  add(collector: Collector): void {
    this.collectors.push(collector);
  }

  /** The page, in the text format of Prometheus. What cannot be read at the moment is left out. */
  async page(): Promise<{ contentType: string; text: string }> {
    const asked = new Registry();
    await Promise.all(this.collectors.map((collect) => collect(asked).catch(() => undefined)));
    const text = `${await this.registry.metrics()}\n${await asked.metrics()}`;
    return { contentType: this.registry.contentType, text };
  }
}
