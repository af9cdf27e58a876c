import { describe, expect, it } from '@jest/globals';
import { contactForms, contactKey } from './contact-forms.js';

describe('contactForms', () => {
  it.each([
    ['Brazil, with the ninth digit', '5511987654321', '551187654321'],
    ['Mexico, with the 1', '5215512345678', '525512345678'],
    ['Argentina, with the 9', '5491123456789', '541123456789'],
  ])('of %s are two, from either side', (_name, long, short) => {
    expect(contactForms(long)).toEqual([long, short]);
    expect(contactForms(short)).toEqual([short, long]);
    expect([contactKey(long), contactKey(short)]).toEqual([short, short]);
  });

  it.each([
    ['anybody else', '15550100101'],
    ['a landline in Brazil', '551133334444'],
    ['a user id', 'BR.5511987654321'],
    ['a number that only begins alike', '55119876543210'],
  ])('of %s is one', (_name, contact) => {
    expect(contactForms(contact)).toEqual([contact]);
    expect(contactKey(contact)).toBe(contact);
  });
});
