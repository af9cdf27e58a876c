import { IsOptional } from 'class-validator';
import {
  type ContentClass,
  Digits,
  Id,
  Inner,
  InnerEach,
  NotHere,
  objectOf,
  objectsOf,
  OneOf,
  rule,
  Text,
} from '../rules.js';
import { CtaUrlAction, ProductItem } from './actions.js';
import { Body, cardHeader } from './parts.js';

class QuickReply {
  @Text(20)
  id!: unknown;

  @Text(20)
  title!: unknown;
}

class QuickReplyButton {
  @OneOf('quick_reply')
  type!: unknown;

  @Inner(() => QuickReply)
  quick_reply!: unknown;
}

class QuickReplyAction {
  @InnerEach(() => QuickReplyButton, 1)
  buttons!: unknown;
}

class CardBody {
  @rule('lineBreaks', (value) => String(value).split('\n').length <= 3, {
    sentence: (value) => `must have at most 2 line breaks, and has ${String(value).split('\n').length - 1}`,
  })
  @Text(160)
  text!: unknown;
}

abstract class Card {
  @Digits(0, 9)
  card_index!: unknown;
}

class MediaCard extends Card {
  @Inner(cardHeader)
  header!: unknown;

  @IsOptional()
  @Inner(() => CardBody)
  body?: unknown;
}

class UrlCard extends MediaCard {
  @OneOf('cta_url')
  type!: unknown;

  @Inner(() => CtaUrlAction)
  action!: unknown;
}

class QuickReplyCard extends MediaCard {
  @Inner(() => QuickReplyAction)
  action!: unknown;
}

class ProductAction extends ProductItem {
  @Id()
  catalog_id!: unknown;
}

class ProductCard extends Card {
  @Inner(() => ProductAction)
  action!: unknown;
}

type Kind = 'product' | 'cta_url' | 'quick_reply';

/** A card is what its type or its action says. */
function kindOf(card: Record<string, unknown>): Kind {
  if (card.type === 'product') return 'product';
  return objectOf(card.action).buttons !== undefined ? 'quick_reply' : 'cta_url';
}

const CARDS: Record<Kind, ContentClass> = { product: ProductCard, cta_url: UrlCard, quick_reply: QuickReplyCard };

/** Kind of a card and how many buttons it has: the same on all. */
const shapeOf = (card: Record<string, unknown>) => {
  const { buttons } = objectOf(card.action);
  return `${kindOf(card)} ${Array.isArray(buttons) ? buttons.length : 0}`;
};

/** Index of the first card that differs from the first in what `read` takes from it, -1 when none does. */
const differing = (value: unknown, read: (card: Record<string, unknown>) => unknown) => {
  const all = objectsOf(value).map(read);
  return all.findIndex((one) => one !== all[0]);
};

const misplaced = (value: unknown) =>
  objectsOf(value).findIndex(({ card_index }, index) => Number(card_index) !== index);

const catalogOf = (card: Record<string, unknown>) => objectOf(card.action).catalog_id;

class CarouselAction {
  @rule('oneCatalog', (value) => differing(value, catalogOf) === -1, {
    sentence: 'must be the catalog of the other cards',
    member: (value) => [String(differing(value, catalogOf)), 'action', 'catalog_id'],
  })
  @rule('sameButtons', (value) => differing(value, shapeOf) === -1, {
    sentence: 'must have the same kind and number of buttons as the first card',
    member: (value) => [String(differing(value, shapeOf)), 'action'],
  })
  @rule('cardIndex', (value) => misplaced(value) === -1, {
    sentence: (value) => `must be ${misplaced(value)}, its place among the cards from 0`,
    member: (value) => [String(misplaced(value)), 'card_index'],
  })
  @InnerEach((card) => CARDS[kindOf(card)], 2, 10)
  cards!: unknown;
}

/** `carousel`: two to ten cards of media or of products. */
export class CarouselContent {
  @Inner(() => Body)
  body!: unknown;

  @NotHere('a carousel has no header of its own')
  header?: unknown;

  @NotHere('a carousel has no footer')
  footer?: unknown;

  @Inner(() => CarouselAction)
  action!: unknown;
}
