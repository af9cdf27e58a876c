import { IsOptional } from 'class-validator';
import {
  type ContentClass,
  countCharacters,
  Digits,
  Flag,
  Inner,
  InnerEach,
  objectsOf,
  OneOfAnyCase,
  rule,
  Text,
} from '../../messages/content/rules.js';
import { buttonOf, GroupedReplies, OfKindAtMost } from './buttons.js';
import { kindOf, wordOf } from './kinds.js';
import { NamedVariables, VariablesAtMost, VariablesInside } from './variables.js';

const MAX_BODY_OF_OFFER = 600;
const MAX_BODY_OF_CARD = 160;

type Json = Record<string, unknown>;

class Header {
  @OneOfAnyCase('text', 'image', 'video', 'document', 'location', 'gif', 'product')
  format!: unknown;
}

class TextHeader {
  @NamedVariables()
  @VariablesAtMost(1)
  @Text(60)
  text!: unknown;
}

/** An authentication template has no text of its own. */
class Body {
  @IsOptional()
  @NamedVariables()
  @VariablesInside()
  @Text(1024)
  text?: unknown;

  @IsOptional()
  @Flag()
  add_security_recommendation?: unknown;
}

class Footer {
  @IsOptional()
  @VariablesAtMost(0)
  @Text(60)
  text?: unknown;

  @IsOptional()
  @Digits(1, 90)
  code_expiration_minutes?: unknown;
}

class Buttons {
  @GroupedReplies()
  @OfKindAtMost('copy_code', 1)
  @OfKindAtMost('phone_number', 1)
  @OfKindAtMost('url', 2)
  @InnerEach(buttonOf, 1, 10)
  buttons!: unknown;
}

class OfferText {
  @Text(16)
  text!: unknown;

  @IsOptional()
  @Flag()
  has_expiration?: unknown;
}

class Offer {
  @Inner(() => OfferText)
  limited_time_offer!: unknown;
}

class Card {
  @BodyOfKindAtMost(() => MAX_BODY_OF_CARD)
  @EachOnce()
  @InnerEach(componentOf, 1)
  components!: unknown;
}

/** Components and kinds of buttons of a card. */
const shapeOf = ({ components }: Json) =>
  JSON.stringify(
    objectsOf(components).map((one) => [kindOf(one), wordOf(one, 'format'), objectsOf(one['buttons']).map(kindOf)]),
  );

const differing = (cards: unknown) =>
  objectsOf(cards)
    .map(shapeOf)
    .findIndex((shape, _at, [first]) => shape !== first);

class Carousel {
  @rule('sameCards', (value) => differing(value) === -1, {
    sentence: 'must have the same components and buttons as the first card',
    member: (value) => [String(differing(value))],
  })
  @InnerEach(() => Card, 2, 10)
  cards!: unknown;
}

const COMPONENTS: ReadonlyMap<string, () => ContentClass> = new Map<string, () => ContentClass>([
  ['body', () => Body],
  ['footer', () => Footer],
  ['buttons', () => Buttons],
  ['limited_time_offer', () => Offer],
  ['carousel', () => Carousel],
]);

/** The class of a component; null for one that Meta may know and nobody here. */
function componentOf(component: Json): ContentClass | null {
  if (kindOf(component) !== 'header') return COMPONENTS.get(kindOf(component))?.() ?? null;
  return wordOf(component, 'format') === 'text' ? TextHeader : Header;
}

const repeated = (components: unknown) => {
  const kinds = objectsOf(components).map(kindOf);
  return kinds.findIndex((kind, at) => kinds.indexOf(kind) < at);
};

function EachOnce() {
  return rule('once', (value) => repeated(value) === -1, {
    sentence: 'comes a second time: each component may come once',
    member: (value) => [String(repeated(value))],
  });
}

/** What stands beside a body may leave it less room than a body of its own has. */
function BodyOfKindAtMost(maxOf: (components: Json[]) => number) {
  const bodyAt = (value: unknown) => objectsOf(value).findIndex((one) => kindOf(one) === 'body');
  const lengthOf = (text: unknown) => (typeof text === 'string' ? countCharacters(text) : 0);
  return rule('bodyLength', (value) => lengthOf(objectsOf(value)[bodyAt(value)]?.['text']) <= maxOf(objectsOf(value)), {
    sentence: (value) => `must be a text of at most ${maxOf(objectsOf(value))} characters beside the other components`,
    member: (value) => [String(bodyAt(value)), 'text'],
  });
}

const isProduct = (component: Json) =>
  wordOf(component, 'format') === 'product' || objectsOf(component['buttons']).some((one) => kindOf(one) === 'spm');

const maxBody = (components: Json[]) => {
  if (components.some(isProduct)) return MAX_BODY_OF_CARD;
  return components.some((one) => kindOf(one) === 'limited_time_offer') ? MAX_BODY_OF_OFFER : Infinity;
};

/** All components of a template. */
export const Components = () => (target: object, property: string) => {
  InnerEach(componentOf, 1)(target, property);
  EachOnce()(target, property);
  BodyOfKindAtMost(maxBody)(target, property);
};
