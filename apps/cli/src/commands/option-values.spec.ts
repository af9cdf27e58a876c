import { describe, expect, it } from '@jest/globals';
import { UsageError } from '../usage-error.js';
import {
  accessTokenValue,
  currencyValue,
  displayNumberValue,
  metaIdValue,
  nameValue,
  scopesValue,
  sendersValue,
  timezoneValue,
  uuidValue,
  wordValue,
} from './option-values.js';

const wabaId = metaIdValue('--waba-id');
const keyId = uuidValue('--id');
const appId = wordValue('--app-id');

describe('option values', () => {
  it.each<[string, (value: string) => unknown, string, unknown]>([
    ['name', nameValue, ' shop ', 'shop'],
    ['all scopes', scopesValue, 'all', ['all']],
    ['some scopes', scopesValue, 'messages:write, messages:read', ['messages:write', 'messages:read']],
    ['all senders', sendersValue, 'all', 'all'],
    ['some senders', sendersValue, '800000000000001,800000000000002', ['800000000000001', '800000000000002']],
    ['id of Meta', wabaId, '900000000000001', '900000000000001'],
    ['id', keyId, '01990000-0000-7000-8000-00000000000A', '01990000-0000-7000-8000-00000000000a'],
    ['word', appId, 'my-app.2', 'my-app.2'],
    ['token', accessTokenValue, 'EAAG|x', 'EAAG|x'],
    ['currency', currencyValue, 'EUR', 'EUR'],
    ['timezone', timezoneValue, 'Europe/Berlin', 'Europe/Berlin'],
    ['display number', displayNumberValue, '+1 555-010-0100', '+1 555-010-0100'],
  ])('%s', (_name, read, value, expected) => {
    expect(read(value)).toEqual(expected);
  });

  it.each<[(value: string) => unknown, string, string]>([
    [nameValue, ' ', '--name must not be empty'],
    [scopesValue, 'messages:write,mesages:read', "no scope 'mesages:read'; there are messages:write, "],
    [scopesValue, ',', '--scopes: none given'],
    [sendersValue, '+15550100100', '--senders must be all, or phone number ids'],
    [sendersValue, '', '--senders must be all, or phone number ids'],
    [wabaId, 'waba', '--waba-id must be'],
    [keyId, '17', '--id must be a UUID'],
    [appId, 'my app', '--app-id must be'],
    [currencyValue, 'euro', '--currency must be'],
    [timezoneValue, 'Berlin', '--timezone must be'],
    [displayNumberValue, '123', '--display-number must be'],
  ])('refuses %p %p', (read, value, words) => {
    expect(() => read(value)).toThrow(UsageError);
    expect(() => read(value)).toThrow(words);
  });

  it('does not repeat a token that it refuses', () => {
    expect(() => accessTokenValue('canary token')).toThrow(/^(?!.*canary)/);
  });
});
