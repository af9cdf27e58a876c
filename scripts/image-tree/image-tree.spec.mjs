import { describe, expect, it } from '@jest/globals';
import { isIgnored, parseDockerignore } from './docker-context.mjs';
import { parseDockerfile } from './dockerfile.mjs';

describe('parseDockerfile', () => {
  it('reads stages, steps and what the image starts', () => {
    const text = `
# a comment
FROM node:24-slim AS build
WORKDIR /app
COPY a.json b.json ./
RUN npm ci \\
  && npm run build

FROM node:24-slim
ENV A=1 B=2
COPY --from=build /app/dist ./dist
USER node
EXPOSE 3000
CMD ["node", "main.js"]
`;
    expect(parseDockerfile(text)).toEqual([
      {
        name: 'build',
        base: 'node:24-slim',
        environment: {},
        steps: [
          { instruction: 'WORKDIR', path: '/app' },
          { instruction: 'COPY', from: undefined, sources: ['a.json', 'b.json'], target: './' },
          { instruction: 'RUN', script: 'npm ci    && npm run build' },
        ],
      },
      {
        name: 'node:24-slim',
        base: 'node:24-slim',
        environment: { A: '1', B: '2' },
        user: 'node',
        command: ['node', 'main.js'],
        steps: [{ instruction: 'COPY', from: 'build', sources: ['/app/dist'], target: './dist' }],
      },
    ]);
  });

  it('does not pass over what it does not know', () => {
    expect(() => parseDockerfile('FROM x\nADD a b')).toThrow('ADD is not understood');
  });
});

describe('isIgnored', () => {
  const rules = parseDockerignore('# all but\n*\n!apps\n!libs\n**/*.spec.*\nlibs/x/generated\n');

  it.each([
    ['.env', true],
    ['.herald/secrets.env', true],
    ['apps', false],
    ['apps/api/src/main.ts', false],
    ['apps/api/src/main.spec.ts', true],
    ['libs/x/generated/client.ts', true],
    ['libs/x/index.ts', false],
  ])('of %s is %s', (path, expected) => expect(isIgnored(path, rules)).toBe(expected));
});
