import { describe, expect, it } from '@jest/globals';
import { chooseFields } from './graph-fields.js';

const USUAL = { id: '1', name: 'Example Shop', status: 'CONNECTED' };
const EXTRA = { health_status: 'AVAILABLE' };

describe('chooseFields', () => {
  it.each([
    [undefined, USUAL],
    ['name', { name: 'Example Shop', id: '1' }],
    ['id, health_status', { id: '1', health_status: 'AVAILABLE' }],
    ['health_status{a,b},name.limit(1,2)', { health_status: 'AVAILABLE', name: 'Example Shop', id: '1' }],
  ])('%s', (fields, node) => {
    expect(chooseFields(USUAL, EXTRA, fields)).toEqual({ kind: 'node', node });
  });

  it('names a field that does not exist', () => {
    expect(chooseFields(USUAL, EXTRA, 'name,shoe_size')).toEqual({ kind: 'unknown', field: 'shoe_size' });
  });
});
