import { type NestFastifyApplication, FastifyAdapter } from '@nestjs/platform-fastify';
import { NestFactory } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Type } from '@nestjs/common';
import helmet from 'helmet';
import { type Logger, MetricsService, NestLogger, observeRequests } from '#observability';
import { newId } from '#persistence';
import { isCloudPath } from './cloud-api/cloud-path.js';
import { sendGraphError } from './cloud-api/send-graph-error.js';
import { addDocs } from './docs.js';
import { addBodyParsers, JSON_BODY_LIMIT, limitArrival } from './http/body-parsers.js';
import { answerTo } from './http/problem.js';
import { readOn } from './http/read-on.js';
import { RequestRefusedError } from './http/request.errors.js';
import { sendProblem } from './http/send-problem.js';

/** A request that has not arrived whole by then is given up, ms: the first for headers, and for bodies but files, which get the second. */
const REQUEST_TIMEOUT_MS = 30_000;
const FILE_TIMEOUT_MS = 600_000;
/** Longest part of an address as it is written: a wamid of 512 characters, all of them percent-encoded. */
const MAX_PARAMETER_LENGTH = 3 * 512;
/** A connection on which nothing comes is closed, ms. */
const CONNECTION_TIMEOUT_MS = 60_000;

/**
 * The HTTP side of a process: `rootModule` on Fastify with body limits, JSON rules, security headers, problems for whatever
 * goes wrong before a route, and `/docs`. Pipes, guard and filter come with ApiModule. It does not listen yet.
 */
export async function createHttpApp(rootModule: Type | object, logger: Logger): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: JSON_BODY_LIMIT,
    routerOptions: { maxParamLength: MAX_PARAMETER_LENGTH },
    requestTimeout: FILE_TIMEOUT_MS,
    http: { headersTimeout: REQUEST_TIMEOUT_MS },
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    // Nobody's word on who the client is: addresses are not used for anything.
    trustProxy: false,
    genReqId: () => newId(),
    // What Fastify says of an address quotes it.
    frameworkErrors: (_error: Error, request: FastifyRequest, reply: FastifyReply) => {
      const send = isCloudPath(request.url) ? sendGraphError : sendProblem;
      send(reply, answerTo(new RequestRefusedError('bad_request', BAD_ADDRESS), request.id));
    },
  });
  const app = await NestFactory.create<NestFastifyApplication>(rootModule, adapter, {
    bodyParser: false,
    logger: new NestLogger(logger),
    abortOnError: false,
    routeConflictPolicy: { duplicate: 'error' },
  });
  const server = adapter.getInstance();
  observeRequests(server, app.get(MetricsService));
  addBodyParsers(server);
  server.addHook('onRequest', (request, _reply, done) => {
    limitArrival(request, REQUEST_TIMEOUT_MS);
    done();
  });
  // Made once: `@fastify/helmet` makes it anew for each request.
  const addSecurityHeaders = helmet(SECURITY_HEADERS);
  server.addHook('onRequest', (request, reply, done) => addSecurityHeaders(request.raw, reply.raw, () => done()));
  server.addHook('onSend', async (request, reply) => {
    if (reply.statusCode === 413) await readOn(request);
    reply.header('x-request-id', request.id);
    if (request.url.startsWith('/v1/') || isCloudPath(request.url)) reply.header('cache-control', 'no-store');
  });
  addDocs(app);
  return app;
}

const BAD_ADDRESS = `The address cannot be read: a part of it is no percent-encoded UTF-8, or has over ${MAX_PARAMETER_LENGTH} characters`;

/** `/docs` runs its own scripts and has its styles in the page; it must also work without TLS. */
const SECURITY_HEADERS = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:'],
      connectSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
};
