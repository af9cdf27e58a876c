/** One thing that can be configured: its environment name, its default, what it means, and how a value is read. */
export interface Setting<T> {
  env: string;
  fallback: T;
  says: string;
  /** Reads an environment string or a JSON value of the control API; throws an Error that names the expectation. */
  read(raw: unknown): T;
}

/** A whole number from `least` up, and no larger than `most`. */
export function integer(env: string, fallback: number, says: string, least = 0, most = Infinity): Setting<number> {
  return {
    env,
    fallback,
    says,
    read(raw) {
      const value = typeof raw === 'string' && raw.trim() !== '' ? Number(raw) : raw;
      if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
      throw new Error(`a whole number from ${least} ${most === Infinity ? 'up' : `to ${most}`} is expected`);
    },
  };
}

/** `true` or `false`. */
export function flag(env: string, fallback: boolean, says: string): Setting<boolean> {
  return {
    env,
    fallback,
    says,
    read(raw) {
      if (raw === true || raw === 'true') return true;
      if (raw === false || raw === 'false') return false;
      throw new Error('true or false is expected');
    },
  };
}

/** A text; with `pattern`, one that matches it. */
export function text(env: string, fallback: string, says: string, pattern = /^/): Setting<string> {
  return {
    env,
    fallback,
    says,
    read(raw) {
      if (typeof raw === 'string' && pattern.test(raw)) return raw;
      throw new Error(pattern.source === '^' ? 'a text is expected' : `a text like ${pattern.source} is expected`);
    },
  };
}

/** A time zone that this machine knows, as `Europe/Berlin`. */
export function timezone(env: string, fallback: string, says: string): Setting<string> {
  return {
    env,
    fallback,
    says,
    read(raw) {
      if (typeof raw === 'string' && isTimezone(raw)) return raw;
      throw new Error('a time zone like Europe/Berlin is expected');
    },
  };
}

/** Texts: comma-separated in the environment, an array (or such a text) in the control API; each matches `pattern`. */
export function list(env: string, fallback: string[], says: string, pattern = /^/): Setting<string[]> {
  return {
    env,
    fallback,
    says,
    read(raw) {
      const parts: unknown = typeof raw === 'string' ? raw.split(',') : raw;
      if (!Array.isArray(parts) || !parts.every((part) => typeof part === 'string')) {
        throw new Error('a list of texts is expected');
      }
      const texts = parts.map((part) => part.trim()).filter((part) => part !== '');
      if (texts.every((part) => pattern.test(part))) return texts;
      throw new Error(`a list of texts like ${pattern.source} is expected`);
    },
  };
}

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
