import { randomBytes } from 'node:crypto';

/** Texts that must not be found where they do not belong, by what they are. */
export type Canaries = Readonly<Record<string, string>>;

/** A word that nothing else contains. */
export const aCanary = (what: string) => `canary-${what}-${randomBytes(6).toString('hex')}`;

/** Names of the canaries that a text holds, as they are or as a careless line would carry them: hex (bytea), base64, or part of a URL. */
export function canariesIn(text: string, canaries: Canaries): string[] {
  return Object.entries(canaries).flatMap(([name, canary]) =>
    disguisesOf(canary).some((disguise) => text.includes(disguise)) ? [name] : [],
  );
}

/** All the ways of writing a canary that are looked for. Base64 has three, by where in the bytes it begins. */
export function disguisesOf(canary: string): string[] {
  const base64 = [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), Buffer.from(canary)]).toString('base64');
    // The first and last characters also depend on the neighbours.
    return encoded.slice(offset === 0 ? 0 : 4, encoded.replace(/=+$/, '').length - 2);
  });
  return [canary, Buffer.from(canary).toString('hex'), encodeURIComponent(canary), ...base64];
}
