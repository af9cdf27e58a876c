import { describe, expect, it } from '@jest/globals';
import { ServiceWindows } from './service-windows.js';

const HOUR = 3_600_000;
const NUMBER = '800000000000001';
const CUSTOMER = '15550100101';

describe('ServiceWindows', () => {
  it('is open for 24 h from the last message, for that number and customer only', () => {
    const windows = new ServiceWindows();
    windows.heard(NUMBER, CUSTOMER, 0, false);
    windows.heard(NUMBER, CUSTOMER, HOUR, false);
    windows.heard(NUMBER, CUSTOMER, 0, false);
    expect(windows.isOpen(NUMBER, CUSTOMER, 25 * HOUR - 1)).toBe(true);
    expect(windows.isOpen(NUMBER, CUSTOMER, 25 * HOUR)).toBe(false);
    expect(windows.isOpen(NUMBER, '15550100102', 0)).toBe(false);
    expect(windows.isOpen('800000000000002', CUSTOMER, 0)).toBe(false);
  });

  it('opens a free entry point window of 72 h with the first answer to an ad', () => {
    const windows = new ServiceWindows();
    windows.heard(NUMBER, CUSTOMER, 0, true);
    const opened = windows.entryPointOf(NUMBER, CUSTOMER, 23 * HOUR, () => 'one');
    expect(opened).toEqual({ conversationId: 'one', openUntil: 95 * HOUR });
    expect(windows.entryPointOf(NUMBER, CUSTOMER, 94 * HOUR, () => 'two')).toEqual(opened);
    expect(windows.entryPointOf(NUMBER, CUSTOMER, 95 * HOUR, () => 'two')).toBeNull();
  });

  it('opens none with an answer after 24 h, or without an ad', () => {
    const windows = new ServiceWindows();
    windows.heard(NUMBER, CUSTOMER, 0, true);
    windows.heard(NUMBER, '15550100102', 0, false);
    expect(windows.entryPointOf(NUMBER, CUSTOMER, 24 * HOUR, () => 'late')).toBeNull();
    expect(windows.entryPointOf(NUMBER, '15550100102', 0, () => 'none')).toBeNull();
  });
});
