import { Injectable } from '@nestjs/common';
import { Counter, Gauge, type Registry } from 'prom-client';
import { MetricsService } from '#observability';
import { Database } from '#persistence';
import { PRIORITIES } from '#queues';
import { type DeliveryGauges, readGauges } from './read-gauges.query.js';

/** What remains of a lost answer, counted once and for good (delivery protocol §6). */
const RISKS: Readonly<Record<string, string>> = {
  uncertain_resent: 'Attempts of which nothing was heard and whose message was sent again',
  unknown: 'Messages that ended without proof either way',
  duplicate_suspected: 'Messages of which Meta took more than one attempt',
};

/** Shows on a worker's `/metrics` what stands in Postgres: the same on every worker. */
@Injectable()
export class DeliveryMetrics {
  constructor(database: Database, metrics: MetricsService) {
    metrics.add(async (registry) => show(await readGauges(database), registry));
  }
}

function show(gauges: DeliveryGauges, registry: Registry): void {
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name: `herald_${name}`, help, labelNames, registers: [registry] });
  const due = gauge('due_messages', 'Messages that are due and not claimed, counted up to 100,000', ['priority']);
  const age = gauge('queue_age_seconds', 'Since when the oldest of them is due', ['priority']);
  PRIORITIES.forEach((priority, index) => {
    const found = gauges.due.find((row) => row.priority === index);
    due.set({ priority }, found?.count ?? 0);
    age.set({ priority }, found?.oldestSeconds ?? 0);
  });
  gauge('uncertain_messages', 'Attempts that wait for evidence').set(gauges.uncertain);
  gauge('inbox_waiting', 'Notifications that are stored and not applied').set(gauges.inboxWaiting);
  gauge('inbox_age_seconds', 'Since when the oldest of them waits').set(gauges.inboxOldestSeconds);
  const holds = gauge('holds', 'Holds that stand', ['scope']);
  for (const { scope, count } of gauges.holds) holds.set({ scope }, count);
  const alerts = gauge('alerts', 'Alerts that are open', ['kind']);
  for (const { kind, count } of gauges.alerts) alerts.set({ kind }, count);
  for (const [name, help] of Object.entries(RISKS)) {
    const value = gauges.counters.find((row) => row.name === name)?.value ?? 0;
    new Counter({ name: `herald_${name}_total`, help, registers: [registry] }).inc(Number(value));
  }
}
