import { describe, expect, it } from '@jest/globals';
import { changeSettings, readEnvironment } from './settings.js';

describe('readEnvironment', () => {
  it('has a default for everything; an empty variable is no variable', () => {
    const { settings, process } = readEnvironment({ PORT: '' });
    expect(settings).toMatchObject({ throughputPerSecond: 80, pairCapacity: 45, batchSize: 20, enforceWindow: true });
    expect(process).toMatchObject({ host: '127.0.0.1', port: 0 });
  });

  it('reads every kind of value', () => {
    const { settings } = readEnvironment({
      SIMULATOR_ACCESS_TOKEN: 'one, two',
      SIMULATOR_ENFORCE_WINDOW: 'false',
      SIMULATOR_BATCH_SIZE: '1',
      SIMULATOR_WEBHOOK_VERSION: 'v23.0',
    });
    expect(settings).toMatchObject({
      accessTokens: ['one', 'two'],
      enforceWindow: false,
      batchSize: 1,
      webhookVersion: 'v23.0',
    });
  });

  it('names every wrong value', () => {
    const wrong = {
      PORT: 'many',
      SIMULATOR_BATCH_SIZE: '0',
      SIMULATOR_ENFORCE_WINDOW: 'maybe',
      SIMULATOR_WEBHOOK_URL: 'here',
    };
    expect(() => readEnvironment(wrong)).toThrow(
      /SIMULATOR_ENFORCE_WINDOW.*\n.*SIMULATOR_WEBHOOK_URL.*\n.*SIMULATOR_BATCH_SIZE.*\n.*PORT/,
    );
  });

  it.each([
    ['PORT', '65536', 'PORT: a whole number from 0 to 65535 is expected'],
    ['SIMULATOR_TIMEZONE', 'Mars/Base', 'SIMULATOR_TIMEZONE: a time zone like Europe/Berlin is expected'],
    ['SIMULATOR_OTHER_WABAS', '1=2,3', 'SIMULATOR_OTHER_WABAS: a list of texts like ^\\d+=\\d+$ is expected'],
  ])('says in one line what is wrong with %s=%s', (name, value, line) => {
    expect(() => readEnvironment({ [name]: value })).toThrow(new Error(line));
  });

  it('takes time zones of every name', () => {
    for (const value of ['UTC', 'America/Argentina/Buenos_Aires', 'Etc/GMT+3'])
      expect(readEnvironment({ SIMULATOR_TIMEZONE: value }).settings.timezone).toBe(value);
  });
});

describe('changeSettings', () => {
  it('changes what is named and nothing else', () => {
    const { settings } = readEnvironment({});
    expect(changeSettings(settings, { batchSize: 1 })).toEqual({ ...settings, batchSize: 1 });
  });

  it.each([[{ colour: 'red' }], [{ batchSize: 'x' }], [{ toString: 'x' }], [{ accessTokens: [1] }]])(
    'refuses %j',
    (changes) => {
      expect(() => changeSettings(readEnvironment({}).settings, changes)).toThrow(Object.keys(changes)[0]);
    },
  );
});
