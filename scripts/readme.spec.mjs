import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';

const root = new URL('../', import.meta.url);
const read = (path) => readFileSync(new URL(path, root), 'utf8');
const all = (text, pattern) => [...text.matchAll(pattern)].map(([, ...found]) => found);
const readme = read('README.md');

/** The operator's commands as the CLI declares them: `client add`. */
function commands() {
  const folder = 'apps/cli/src/commands/';
  const sources = readdirSync(new URL(folder, root))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'))
    .map((name) => read(folder + name))
    .join('\n');
  const declared = /@SubCommand\(\{\s*name: '([^']+)'[^]*?\nexport class (\w+)/g;
  const nameOf = Object.fromEntries(all(sources, declared).map(([name, type]) => [type, name]));
  const groups = all(sources, /@Command\(\{\s*name: '([^']+)'[^]*?subCommands: \[([^\]]*)\]/g);
  return groups.flatMap(([group, types]) => all(types, /(\w+)/g).map(([type]) => `${group} ${nameOf[type]}`));
}

describe('the README', () => {
  it('names every command of the CLI, and no other', () => {
    const [[line]] = all(readme, /^\| `npm run -s herald -- <command>` +\| operator CLI: (.*)$/gm);
    const named = all(line, /`([^`]+)`/g).map(([name]) => name);
    expect(named.length).toBeGreaterThan(15);
    expect(named.sort()).toEqual(commands().sort());
  });

  it('tells of every variable, and no other', () => {
    const [[table]] = all(readme, /\n## Configuration\n([^]*?)\n## /g);
    const told = all(table, /^\| ([^|]*)\|/gm).flatMap(([cell]) => all(cell, /`([A-Z][A-Z0-9_]+)`/g).flat());
    const listed = all(read('.env.example'), /^(?:# ?)?([A-Z][A-Z0-9_]*)=/gm).flat();
    expect(told.sort()).toEqual(listed.sort());
  });

  it('uses no variable in its shell lines that an earlier line does not set', () => {
    const shell = [...all(readme, /```sh\n([^]*?)```/g).flat(), ...all(readme, /`(curl [^`]*)`/g).flat()].join('\n');
    const set = all(shell, /export (\w+)=/g).flat();
    const used = all(shell, /\$(\w+)/g).flat();
    expect(used.length).toBeGreaterThan(5);
    expect(used.filter((name) => !set.includes(name))).toEqual([]);
  });
});
