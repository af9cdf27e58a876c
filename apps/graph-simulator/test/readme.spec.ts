import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { errorTable, rowsOf, scenarioTable, settingTable } from './readme-tables.js';

const rows = rowsOf(readFileSync(new URL('../README.md', import.meta.url), 'utf8')).map((row) => row.join(' | '));

describe('README', () => {
  it.each([...scenarioTable(), ...errorTable(), ...settingTable()].map((row) => row.join(' | ')))('says: %s', (row) => {
    expect(rows).toContain(row);
  });

  it.each(['+1 555 01', '`SIMULATOR_'])('has no row about %s that the code does not know', (start) => {
    const known = [...scenarioTable(), ...settingTable()].map((row) => row.join(' | '));
    expect(rows.filter((row) => row.startsWith(start) && !known.includes(row))).toEqual([]);
  });
});
