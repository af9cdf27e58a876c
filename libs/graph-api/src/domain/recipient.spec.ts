import { describe, expect, it } from '@jest/globals';
import { type Recipient, recipientCountry, recipientMembers, type RecipientName, recipientName } from './recipient.js';

describe('a recipient', () => {
  it.each<[Recipient, object, RecipientName, string | null]>([
    [
      { kind: 'phone', id: '4915112345678' },
      { recipient_type: 'individual', to: '+4915112345678' },
      '+4915112345678',
      'DE',
    ],
    [
      { kind: 'user', id: 'US.13491208655302741918' },
      { recipient_type: 'individual', recipient: 'US.13491208655302741918' },
      { userId: 'US.13491208655302741918' },
      'US',
    ],
    [
      { kind: 'user', id: 'BR.ENT.11815799212886844830' },
      { recipient_type: 'individual', recipient: 'BR.ENT.11815799212886844830' },
      { userId: 'BR.ENT.11815799212886844830' },
      'BR',
    ],
    [{ kind: 'group', id: 'Y2FwaV9n' }, { recipient_type: 'group', to: 'Y2FwaV9n' }, { groupId: 'Y2FwaV9n' }, null],
  ])('%j', (recipient, members, name, country) => {
    expect(recipientMembers(recipient)).toEqual(members);
    expect(recipientName(recipient)).toEqual(name);
    expect(recipientCountry(recipient)).toBe(country);
  });
});
