import { describe, expect, it } from '@jest/globals';
import { Gauge } from 'prom-client';
import { MetricsService } from './metrics.service.js';

describe('metrics', () => {
  it('count attempts and requests, and read the rest when asked', async () => {
    const metrics = new MetricsService();
    metrics.countAttempt('accepted');
    metrics.countAttempt('accepted');
    metrics.observeRequest({ method: 'GET', route: '/v1/messages/:id', status: 200 }, 0.02);
    let value = 1;
    metrics.add((registry) => {
      new Gauge({ name: 'a_gauge', help: 'x', registers: [registry] }).set((value += 1));
      return Promise.resolve();
    });
    await metrics.page();
    const { contentType, text } = await metrics.page();
    expect(contentType).toContain('text/plain');
    expect(text).toContain('herald_attempts_total{outcome="accepted"} 2');
    expect(text).toContain(
      'herald_http_request_duration_seconds_count{method="GET",route="/v1/messages/:id",status="200"} 1',
    );
    expect(text).toContain('a_gauge 3');
  });

  it('leave out what cannot be read', async () => {
    const metrics = new MetricsService();
    metrics.add(() => Promise.reject(new Error('no database')));
    expect((await metrics.page()).text).toContain('herald_process_cpu_seconds_total');
  });
});
