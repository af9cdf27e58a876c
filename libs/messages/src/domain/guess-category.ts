import type { MetaMessage } from '#graph-api';
import type { TemplateCategory } from './message.js';

/**
 * Category of a message whose template is not synced (delivery protocol §2): a template whose body has one parameter, equal to
 * the text of its url button, carries a one-time password; every other template is utility. Null for what is no template.
 */
export function guessCategory(message: MetaMessage): TemplateCategory | null {
  if (message.type !== 'template') return null;
  const components = list(record(message.template)?.components);
  const body = components.find((component) => wordOf(component, 'type') === 'body');
  const button = components.find(
    (component) => wordOf(component, 'type') === 'button' && wordOf(component, 'sub_type') === 'url',
  );
  const bodyTexts = parameterTexts(body);
  return bodyTexts.length === 1 && bodyTexts[0] !== undefined && parameterTexts(button)[0] === bodyTexts[0]
    ? 'authentication'
    : 'utility';
}

const parameterTexts = (component: unknown) =>
  list(record(component)?.parameters).map((parameter) => record(parameter)?.text);
/** Meta takes the kinds of components in capitals, too. */
const wordOf = (component: unknown, member: string) => String(record(component)?.[member]).toLowerCase();
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const record = (value: unknown): Record<string, unknown> | undefined =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
