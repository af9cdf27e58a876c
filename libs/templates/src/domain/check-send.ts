import { checkButtons } from './check-buttons.js';
import { checkHeader, type Placed } from './check-header.js';
import { checkParameters, checkTypes } from './check-parameters.js';
import {
  componentOf,
  countProblem,
  formatProblem,
  type Json,
  kindOf,
  objectsOf,
  type TemplateDefinition,
  type TemplateProblem,
  variablesOf,
} from './definition.js';

/** Longest one-time password. */
const MAX_CODE = 15;

/**
 * What of a send does not fit its template as it was approved; empty when Meta would take it. Limits that hold for every template
 * are not looked at: those are checked before.
 */
export function checkSend(definition: TemplateDefinition, template: Json): TemplateProblem[] {
  const sent = placed(template['components'], 'components');
  const problems = [
    ...checkFace(definition.components, sent, definition.parameterFormat),
    ...checkOffer(componentOf(definition.components, 'limited_time_offer'), find(sent, 'limited_time_offer')),
    ...checkCarousel(definition, find(sent, 'carousel')),
  ];
  return problems.length > 0 || definition.category.toUpperCase() !== 'AUTHENTICATION' ? problems : checkCode(sent);
}

const placed = (components: unknown, above: string): Placed[] =>
  objectsOf(components).map((component, index) => ({ component, at: `${above}[${index}]` }));
const find = (sent: readonly Placed[], type: string) =>
  sent.find(({ component }) => kindOf(component, 'type') === type);

/** What a template and each card of a carousel have: header, body, buttons. */
function checkFace(
  components: readonly Json[],
  sent: readonly Placed[],
  format: TemplateDefinition['parameterFormat'],
): TemplateProblem[] {
  const body = find(sent, 'body');
  const given = objectsOf(body?.component['parameters']);
  return [
    ...checkHeader(componentOf(components, 'header'), find(sent, 'header'), format),
    ...checkParameters({
      at: body?.at ?? null,
      what: 'the body',
      wanted: variablesOf(componentOf(components, 'body')?.['text']),
      given,
      format,
    }),
    ...(body === undefined ? [] : checkTypes(body.at, given, ['text', 'currency', 'date_time'])),
    ...checkButtons(
      objectsOf(componentOf(components, 'buttons')?.['buttons']),
      sent.filter(({ component }) => kindOf(component, 'type') === 'button'),
    ),
  ];
}

function checkOffer(offer: Json | undefined, sent: Placed | undefined): TemplateProblem[] {
  if (offer === undefined)
    return sent === undefined
      ? []
      : [countProblem(sent.at, 'must not be there: the template has no limited-time offer')];
  const { has_expiration } = (offer['limited_time_offer'] ?? {}) as { has_expiration?: unknown };
  return has_expiration === true && sent === undefined
    ? [countProblem('components', 'must have a limited_time_offer: the offer of the template has an end')]
    : [];
}

/** A carousel has the cards that it was approved with; one of products may have others. */
function checkCarousel(
  { components, parameterFormat }: TemplateDefinition,
  sent: Placed | undefined,
): TemplateProblem[] {
  const carousel = componentOf(components, 'carousel');
  if (carousel === undefined)
    return sent === undefined ? [] : [countProblem(sent.at, 'must not be there: the template has no carousel')];
  const approved = objectsOf(carousel['cards']).map((card) => objectsOf(card['components']));
  if (sent === undefined) return [countProblem('components', `must have a carousel of ${approved.length} cards`)];
  const cards = objectsOf(sent.component['cards']);
  const header = componentOf(approved[0] ?? [], 'header');
  const isOfProducts = header !== undefined && kindOf(header, 'format') === 'product';
  if (!isOfProducts && cards.length !== approved.length)
    return [
      countProblem(`${sent.at}.cards`, `must be ${approved.length}, as the template has; there are ${cards.length}`),
    ];
  return cards.flatMap((card, index) => {
    const at = `${sent.at}.cards[${index}]`;
    const definition = isOfProducts ? approved[0] : approved[Number(card['card_index'])];
    return definition === undefined
      ? [countProblem(`${at}.card_index`, `must be from 0 to ${approved.length - 1}`)]
      : checkFace(definition, placed(card['components'], `${at}.components`), parameterFormat);
  });
}

/** A one-time password stands in the body and in its button, and is short. */
function checkCode(sent: readonly Placed[]): TemplateProblem[] {
  const body = find(sent, 'body');
  const button = find(sent, 'button');
  const codeOf = (component: Placed | undefined) => objectsOf(component?.component['parameters'])[0]?.['text'];
  const code = codeOf(body);
  if (body === undefined || typeof code !== 'string') return [];
  if ([...code].length > MAX_CODE)
    return [formatProblem(`${body.at}.parameters[0].text`, `must be a code of at most ${MAX_CODE} characters`)];
  return button === undefined || codeOf(button) === code
    ? []
    : [formatProblem(`${button.at}.parameters[0].text`, 'must be the same code as in the body')];
}
