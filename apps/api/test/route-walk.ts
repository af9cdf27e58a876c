import { RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { getMetadataStorage } from 'class-validator';
import { REQUIRED_SCOPE } from '#access';
import { OPEN_ROUTE } from '#observability';

/** One route of a controller, and what is wrong with it. */
export interface WalkedRoute {
  name: string;
  /** The scope it needs, or why it needs none. */
  access: string | null;
  flaws: string[];
}

/** Kinds of parameters that hold what a caller wrote, as Nest numbers them. */
const CHECKED_PARAMETERS: Readonly<Record<string, string>> = { 3: 'body', 4: 'query' };

/** Looks at every route of every controller: does it say whom it answers, and is what it takes checked? */
export function walkRoutes(app: NestFastifyApplication): WalkedRoute[] {
  const scanner = new MetadataScanner();
  return app
    .get(DiscoveryService, { strict: false })
    .getControllers()
    .flatMap(({ metatype }) => (typeof metatype === 'function' ? [metatype as Controller] : []))
    .flatMap((controller) =>
      scanner
        .getAllMethodNames(controller.prototype as object)
        .filter((method) => Reflect.hasMetadata(PATH_METADATA, handlerOf(controller, method)))
        .map((method) => walkRoute(controller, method)),
    );
}

function walkRoute(controller: Controller, method: string): WalkedRoute {
  const handler = handlerOf(controller, method);
  const verb = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod];
  const access = declared(REQUIRED_SCOPE, controller, handler);
  const open = declared(OPEN_ROUTE, controller, handler);
  return {
    name: `${verb} ${addressOf(controller, handler)}`,
    access: access ?? open,
    flaws: [
      ...(access === null && open === null ? ['names no scope and is not declared open'] : []),
      ...(access !== null && open !== null ? ['names a scope and is declared open'] : []),
      ...uncheckedParameters(controller, method),
    ],
  };
}

/** Parameters whose type is no class with rules: those are not validated at all. */
function uncheckedParameters(controller: Controller, method: string): string[] {
  const parameters = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, method) ?? {}) as Record<
    string,
    { index: number; data?: unknown; pipes?: unknown[] }
  >;
  const types = (Reflect.getMetadata('design:paramtypes', controller.prototype as object, method) ?? []) as unknown[];
  return Object.entries(parameters).flatMap(([key, { index, data }]) => {
    const kind = CHECKED_PARAMETERS[key.split(':')[0] ?? ''];
    if (kind === undefined) return [];
    if (data !== undefined) return [`takes one field of its ${kind} without a class of rules`];
    return hasRules(types[index]) ? [] : [`takes a ${kind} without a class of rules`];
  });
}

function hasRules(type: unknown): boolean {
  return (
    typeof type === 'function' && getMetadataStorage().getTargetValidationMetadatas(type, '', true, false).length > 0
  );
}

type Controller = Type<object>;
const handlerOf = (controller: Controller, method: string) =>
  (controller.prototype as Record<string, object>)[method] ?? {};

function addressOf(controller: Controller, handler: object): string {
  const parts = [controller, handler].map((target) => String(Reflect.getMetadata(PATH_METADATA, target)));
  return `/${parts.filter((part) => part !== '/').join('/')}`;
}

/** What a route or its controller declares under a name; null when neither does. */
function declared(name: string, controller: Controller, handler: object): string | null {
  return ((Reflect.getMetadata(name, handler) ?? Reflect.getMetadata(name, controller)) as string | undefined) ?? null;
}
