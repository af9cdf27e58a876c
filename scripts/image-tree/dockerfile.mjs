/**
 * Reads a Dockerfile of the plain kind (no arguments, no heredocs) into its stages:
 * `{ name, environment, user, command, steps: [{ instruction: 'WORKDIR' | 'COPY' | 'RUN', … }] }`.
 * Throws for an instruction that it does not know, so that a step is never left out in silence.
 */
export function parseDockerfile(text) {
  const stages = [];
  for (const line of logicalLines(text)) {
    const [, instruction, rest] = /^(\S+)\s+(.*)$/.exec(line);
    if (instruction === 'FROM') stages.push(newStage(rest));
    else readInstruction(stages.at(-1), instruction, rest);
  }
  return stages;
}

function logicalLines(text) {
  return text
    .replace(/\\\n/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

function newStage(from) {
  const [base, , name = base] = from.split(/\s+/);
  return { name, base, environment: {}, steps: [] };
}

function readInstruction(stage, instruction, rest) {
  switch (instruction) {
    case 'WORKDIR':
      return void stage.steps.push({ instruction, path: rest });
    case 'RUN':
      return void stage.steps.push({ instruction, script: rest });
    case 'COPY':
      return void stage.steps.push({ instruction, ...readCopy(rest) });
    case 'ENV':
      return void Object.assign(
        stage.environment,
        Object.fromEntries(rest.split(/\s+/).map((pair) => pair.split('='))),
      );
    case 'USER':
      return void (stage.user = rest);
    case 'CMD':
      return void (stage.command = JSON.parse(rest));
    case 'EXPOSE':
      return undefined;
    default:
      throw new Error(`Dockerfile: ${instruction} is not understood here`);
  }
}

function readCopy(rest) {
  const words = rest.split(/\s+/);
  const option = words[0].startsWith('--from=') ? words.shift() : undefined;
  return { from: option?.slice('--from='.length), sources: words.slice(0, -1), target: words.at(-1) };
}
