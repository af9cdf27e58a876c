import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { findContradictions } from './contradictions.js';
import { Environment } from './environment.js';

/** The environment cannot be used: `problems` holds one line a wrong value. */
export class EnvironmentError extends Error {
  constructor(readonly problems: string[]) {
    super(problems.join('\n'));
    this.name = 'EnvironmentError';
  }
}

/**
 * Reads and checks the environment. Empty values count as not given.
 * @throws EnvironmentError with one line a wrong value; values themselves are never repeated, they may be secrets (keywords are none).
 */
export function readEnvironment(variables: Record<string, string | undefined>): Environment {
  const known = Object.keys(new Environment());
  const given = Object.fromEntries(
    Object.entries(variables).filter(([name, value]) => known.includes(name) && value !== undefined && value !== ''),
  );
  const environment = plainToInstance(Environment, given, { exposeDefaultValues: true });
  const errors = validateSync(environment);
  const wrongNames = new Set(errors.map(({ property }) => property));
  const problems = [...errors.flatMap(describeProblem), ...findContradictions(environment, wrongNames)];
  if (problems.length > 0) throw new EnvironmentError(problems);
  environment.REDIS_CLUSTER ??= (environment.REDIS_URL?.length ?? 0) > 1;
  if (environment.REDIS_CLUSTER && given['QUEUE_SHARDS'] === undefined) environment.QUEUE_SHARDS = CLUSTER_SHARDS;
  return environment;
}

/** A queue lies on one node of a cluster: so many a priority use all nodes of a usual one (delivery protocol §13). */
const CLUSTER_SHARDS = 8;

function describeProblem({ property, value, constraints }: ValidationError): string[] {
  if (value === undefined) return [`${property} is required`];
  return Object.values(constraints ?? {}).slice(0, 1);
}
