import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { ProblemResponse } from './problem.response.js';
import { PROBLEMS } from './problems.js';

/** Every route can answer these. */
const ALWAYS = ['unauthenticated', 'invalid_api_key', 'scope_missing', 'database_unavailable'];

/** Describes the problems that a route answers with, by their codes; those of every route come along. */
export const ApiProblems = (...codes: (keyof typeof PROBLEMS)[]) => {
  const byStatus = Map.groupBy([...ALWAYS, ...codes], (code) => PROBLEMS[code]?.status ?? 500);
  return applyDecorators(
    ApiExtraModels(ProblemResponse),
    ...[...byStatus].map(([status, ofStatus]) =>
      ApiResponse({
        status,
        description: ofStatus.join(', '),
        content: { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemResponse) } } },
      }),
    ),
  );
};
