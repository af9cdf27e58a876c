import { describe, expect, it } from '@jest/globals';
import { Environment } from '#config';
import { consentWords, plainWords, wantsMarketing } from './consent-words.js';

const { OPT_OUT_KEYWORDS, OPT_IN_KEYWORDS } = new Environment();
const words = consentWords(OPT_OUT_KEYWORDS, OPT_IN_KEYWORDS);
const read = (...texts: string[]) => wantsMarketing(texts, words);

describe('wantsMarketing', () => {
  it.each([
    ['English', 'Stop', 'START'],
    ['English, in words', ' opt-out ', 'Opt in'],
    ['Spanish', 'baja', 'ALTA'],
    ['Portuguese', 'Sair!', 'voltar'],
    ['French', 'arret', 'Démarrer'],
    ['French, with accents', 'ARRÊT', 'demarrer'],
    ['German', 'Abmelden.', 'anmelden'],
    ['Italian', 'disiscrivimi', 'iscrivimi'],
    ['Hindi', 'रोकें', 'शुरू करें'],
    ['Arabic', 'إيقاف', 'اشتراك'],
    ['Arabic, as it is written fast', 'ايقاف', 'إشتراك'],
    ['Indonesian', 'Berhenti', 'mulai'],
  ])('knows %s', (_language, stop, start) => {
    expect([read(stop), read(start)]).toEqual([false, true]);
  });

  it.each(['*STOP*', '“stop”', 'stop 🛑', '🙏 Stop!!!', 'ＳＴＯＰ', 'S\u0301top', '\u200estop\u200f', ' stop\n'])(
    'sees the word alone in %j',
    (text) => {
      expect(read(text)).toBe(false);
    },
  );

  it.each([
    '',
    '👍',
    '...',
    'please stop calling',
    'bus stop',
    'non-stop',
    'stopp it',
    'रोका',
    `stop${' '.repeat(300)}`,
  ])('reads no choice in %j', (text) => {
    expect(read(text)).toBeNull();
  });

  it('reads label and payload of a button; to stop goes before to start', () => {
    expect(read('No more offers', 'STOP')).toBe(false);
    expect(read('Yes, please', 'start')).toBe(true);
    expect(read('start', 'stop')).toBe(false);
  });

  it('takes keywords of nothing but signs for none', () => {
    expect(wantsMarketing(['!!!', '👍', ''], consentWords(['!!!', '👍'], ['']))).toBeNull();
  });

  it('has defaults that say one thing each', () => {
    expect(OPT_OUT_KEYWORDS.length).toBeGreaterThan(20);
    expect([...words.stop].filter((word) => words.start.has(word))).toEqual([]);
    for (const word of [...OPT_OUT_KEYWORDS, ...OPT_IN_KEYWORDS]) expect(plainWords(word)).not.toBe('');
  });
});
