import type { Placed } from './check-header.js';
import {
  countProblem,
  formatProblem,
  type Json,
  kindOf,
  objectsOf,
  type TemplateProblem,
  variablesOf,
} from './definition.js';

/** What fills a button of a definition, and whether it must be filled. */
interface Need {
  subType: string;
  isRequired: boolean;
}

const need = (subType: string, isRequired: boolean): Need => ({ subType, isRequired });

/** Buttons by Meta's type; what is not named here is taken as it comes. */
const NEEDS: Readonly<Record<string, (button: Json) => Need | null>> = {
  url: (button) => (variablesOf(button['url']).length > 0 ? need('url', true) : null),
  otp: () => need('url', true),
  quick_reply: () => need('quick_reply', false),
  copy_code: () => need('copy_code', true),
  flow: () => need('flow', false),
  catalog: () => need('catalog', false),
  mpm: () => need('mpm', true),
  spm: () => need('spm', false),
  order_details: () => need('order_details', true),
  phone_number: () => null,
};

/** The buttons: those with a variable are filled, by their place among all of the template's, and no others. */
export function checkButtons(buttons: readonly Json[], sent: readonly Placed[]): TemplateProblem[] {
  const filled = new Map(sent.map((placed) => [Number(placed.component['index']), placed]));
  const missing = buttons.flatMap((button, index): TemplateProblem[] => {
    const wanted = NEEDS[kindOf(button, 'type')]?.(button);
    return wanted?.isRequired === true && !filled.has(index)
      ? [
          countProblem(
            'components',
            `must have a button of sub_type ${wanted.subType} and index ${index}; it is missing`,
          ),
        ]
      : [];
  });
  return [...missing, ...sent.flatMap((placed) => checkButton(buttons, placed))];
}

function checkButton(buttons: readonly Json[], { component, at }: Placed): TemplateProblem[] {
  const index = Number(component['index']);
  const button = buttons[index];
  if (button === undefined)
    return [countProblem(`${at}.index`, `must name one of the template's ${buttons.length} buttons, from 0`)];
  const kind = kindOf(button, 'type');
  const known = NEEDS[kind];
  if (known === undefined) return [];
  const wanted = known(button);
  if (wanted === null) {
    return objectsOf(component['parameters']).length === 0
      ? []
      : [countProblem(`${at}.parameters`, `must be none: button ${index} (${kind}) has no variable`)];
  }
  return kindOf(component, 'sub_type') === wanted.subType
    ? []
    : [formatProblem(`${at}.sub_type`, `must be ${wanted.subType}: button ${index} of the template is ${kind}`)];
}
