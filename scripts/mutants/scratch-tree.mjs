import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** What git does not know and tests need. */
const GENERATED = 'libs/persistence/src/generated';

/** A copy of the working tree to break: never the tree itself. */
export class ScratchTree {
  #root;
  #folder = mkdtempSync(join(tmpdir(), 'herald-mutants-'));

  constructor(root) {
    this.#root = root;
    const tracked = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
      cwd: root,
    });
    for (const file of tracked.toString().split('\0').filter(isCopied)) {
      mkdirSync(dirname(join(this.#folder, file)), { recursive: true });
      cpSync(join(root, file), join(this.#folder, file));
    }
    cpSync(join(root, GENERATED), join(this.#folder, GENERATED), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(this.#folder, 'node_modules'));
  }

  get folder() {
    return this.#folder;
  }

  /** Breaks a file. @throws Error when what is to be replaced is not there exactly once */
  apply({ name, file, find, replace }) {
    const text = readFileSync(join(this.#root, file), 'utf8');
    const found = text.split(find).length - 1;
    if (found !== 1) throw new Error(`${name}: ${file} holds ${found} times what is to be replaced, not once`);
    writeFileSync(
      join(this.#folder, file),
      text.replace(find, () => replace),
    );
  }

  /** Makes a file whole again. */
  restore({ file }) {
    cpSync(join(this.#root, file), join(this.#folder, file));
  }

  remove() {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** A link such as node_modules in a worktree is made anew. */
const isCopied = (file) => file !== '' && file !== 'node_modules';
