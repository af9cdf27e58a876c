import { IsOptional } from 'class-validator';
import { objectOf, objectsOf, rule, Text } from '../rules.js';

const MAX_TITLE = 24;
/** Most sections of a list, of a product list, of a template that shows products. */
export const MAX_SECTIONS = 10;

/** What sections have in common. */
export abstract class Section {
  @IsOptional()
  @Text(MAX_TITLE)
  title?: unknown;
}

const untitled = (value: unknown) =>
  Array.isArray(value) && value.length > 1
    ? value.findIndex((section) => objectOf(section).title === undefined || objectOf(section).title === null)
    : -1;

/** Each section needs a title as soon as there are two. */
export const TitledWhenSeveral = () =>
  rule('sectionTitle', (value) => untitled(value) === -1, {
    sentence: 'must be given when there is more than one section',
    member: (value) => [String(untitled(value)), 'title'],
  });

const countOf = (value: unknown, member: string) =>
  objectsOf(value).reduce((sum, section) => sum + objectsOf(section[member]).length, 0);

/** Sections hold at most `max` items together. */
export const AtMostTogether = (max: number, member: string) =>
  rule('total', (value) => countOf(value, member) <= max, {
    sentence: (value) => `must have at most ${max} ${member} together, and has ${countOf(value, member)}`,
  });
