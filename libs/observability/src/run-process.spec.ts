import { EventEmitter } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { EnvironmentError } from '#config';
import { Logger } from './logger.js';
import { reasonNotToStart, runUntilSignal, type StopStep } from './run-process.js';

function setup(steps: StopStep[], { deadlineMs = 1_000 } = {}) {
  const lines: string[] = [];
  const logger = Logger.create('info', { write: (line: string) => void lines.push(line) });
  const host = new EventEmitter() as EventEmitter & { exit: (code: number) => void };
  const ended = new Promise<number>((resolve) => (host.exit = resolve));
  runUntilSignal({ steps, deadlineMs, logger, host });
  return { host, ended, lines };
}

describe('runUntilSignal', () => {
  it.each(['SIGTERM', 'SIGINT'])('does its steps in order after %s, and ends with 0', async (signal) => {
    const done: string[] = [];
    const { host, ended } = setup([
      ['slow', async () => new Promise((resolve) => setTimeout(resolve, 20)).then(() => done.push('slow'))],
      ['fast', () => done.push('fast')],
    ]);
    host.emit(signal, signal);
    host.emit('SIGINT', 'SIGINT');
    expect(await ended).toBe(0);
    expect(done).toEqual(['slow', 'fast']);
  });

  it('goes on after a step that fails, and ends with 1', async () => {
    const done: string[] = [];
    const { host, ended, lines } = setup([
      ['http', () => Promise.reject(new Error('stuck'))],
      ['database', () => done.push('database')],
    ]);
    host.emit('SIGTERM', 'SIGTERM');
    expect(await ended).toBe(1);
    expect(done).toEqual(['database']);
    expect(lines.join()).toContain('"step":"http"');
  });

  it('ends with 1 when its time is over', async () => {
    const { host, ended, lines } = setup([['never', () => new Promise(() => undefined)]], { deadlineMs: 20 });
    // The deadline alone keeps no process alive; here something must.
    const alive = setInterval(() => undefined, 5);
    host.emit('SIGTERM', 'SIGTERM');
    expect(await ended).toBe(1);
    expect(lines.join()).toContain('"step":"never"');
    clearInterval(alive);
  });

  it.each(['uncaughtException', 'unhandledRejection'])(
    'logs an %s without its values and ends with 1',
    async (event) => {
      const { host, ended, lines } = setup([]);
      host.emit(event, new Error('bad body "canary"'));
      expect(await ended).toBe(1);
      expect(lines.join()).toContain('process.crashed');
      expect(lines.join()).not.toContain('canary');
    },
  );
});

describe('reasonNotToStart', () => {
  it.each([
    [new EnvironmentError(['PORT must be', 'HOST must be']), 'PORT must be\nHOST must be'],
    [
      Object.assign(new Error('listen'), { code: 'EADDRINUSE', port: 3000 }),
      'PORT 3000 is taken; PORT=0 takes a free one',
    ],
    [
      Object.assign(new Error('listen'), { code: 'EACCES', syscall: 'listen', port: 80 }),
      'PORT 80 may not be used by this user',
    ],
    [
      Object.assign(new Error('listen'), { code: 'EADDRNOTAVAIL', syscall: 'listen' }),
      'HOST is no address of this machine',
    ],
    [Object.assign(new Error('REDIS_URL: no'), { code: 'evicting_redis' }), 'REDIS_URL: no'],
    [Object.assign(new Error('REDIS_URL is none'), { code: 'redis_mode' }), 'REDIS_URL is none'],
    [new TypeError('bad "canary"'), 'Herald could not start: TypeError: bad "…"'],
    ['canary', 'Herald could not start: string: a value that is no Error was thrown'],
  ])('%p', (error, line) => expect(reasonNotToStart(error)).toBe(line));
});
