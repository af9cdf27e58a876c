import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, rename, stat, symlink } from 'node:fs/promises';
import { basename, delimiter, dirname, join, posix } from 'node:path';
import { promisify } from 'node:util';
import { parseDockerfile } from './dockerfile.mjs';
import { dockerContext } from './docker-context.mjs';

/**
 * Carries out the repository's Dockerfile without Docker: a folder a stage, its steps in order. What the base image brings
 * is this process' Node. One step is shortened: a full `npm ci` in the clone's own packages is a link to them, since they
 * are what it would install. Gives the last stage: `{ folder, environment, user, command }`, `folder` being its last WORKDIR.
 */
export async function buildImageTree(root, target) {
  const stages = parseDockerfile(await readFile(join(root, 'Dockerfile'), 'utf8'));
  const context = await dockerContext(root, join(target, 'context'));
  for (const stage of stages) {
    stage.root = join(target, stage.name);
    stage.folder = stage.root;
    await mkdir(stage.root);
    for (const step of stage.steps) await carryOut(step, stage, { context, stages, root });
  }
  return stages.at(-1);
}

async function carryOut(step, stage, { context, stages, root }) {
  switch (step.instruction) {
    case 'WORKDIR':
      stage.folder = join(stage.root, step.path);
      return mkdir(stage.folder, { recursive: true });
    case 'COPY':
      // What another stage made is moved: nothing reads it there afterwards, and it is half a gigabyte.
      if (step.from) return copy(step, stages.find(({ name }) => name === step.from).root, stage.folder, rename);
      return copy(step, context, stage.folder, (from, to) => cp(from, to, { recursive: true, verbatimSymlinks: true }));
    case 'RUN':
      if (step.script === 'npm ci') return symlink(join(root, 'node_modules'), join(stage.folder, 'node_modules'));
      return runScript(step.script, stage);
  }
}

async function copy({ sources, target }, from, folder, transfer) {
  for (const source of sources) {
    const path = join(from, posix.normalize(source));
    const isFolder = (await stat(path)).isDirectory();
    // As Docker has it: a folder's contents are copied, a file goes into a target that ends in "/".
    const to = isFolder || !/(^\.|\/)$/.test(target) ? join(folder, target) : join(folder, target, basename(path));
    await mkdir(dirname(to), { recursive: true });
    await transfer(path, to);
  }
}

async function runScript(script, { folder, environment }) {
  const env = {
    ...environment,
    HOME: process.env.HOME,
    PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}`,
    npm_config_prefer_offline: 'true',
    npm_config_update_notifier: 'false',
  };
  await promisify(execFile)('/bin/sh', ['-c', script], { cwd: folder, env, maxBuffer: 2 ** 26 });
}
