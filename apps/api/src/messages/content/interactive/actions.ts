import { IsOptional } from 'class-validator';
import { Inner, Link, OneOf, Text } from '../rules.js';

const MAX_BUTTON_TEXT = 20;

class CtaUrlParameters {
  @Text(MAX_BUTTON_TEXT)
  display_text!: unknown;

  @Link('https', 'http')
  url!: unknown;
}

/** A button that opens an address; also on the cards of a carousel. */
export class CtaUrlAction {
  @OneOf('cta_url')
  name!: unknown;

  @Inner(() => CtaUrlParameters)
  parameters!: unknown;
}

/** An action that says its name and nothing else. */
export const namedAction = (expected: string) => {
  class NamedAction {
    @OneOf(expected)
    name!: unknown;
  }
  return NamedAction;
};

/** What a product is named by. */
export class ProductItem {
  @Text()
  product_retailer_id!: unknown;
}

class ThumbnailParameters {
  @IsOptional()
  @Text()
  thumbnail_product_retailer_id?: unknown;
}

/** The button that opens the catalog. */
export class CatalogAction extends namedAction('catalog_message') {
  @IsOptional()
  @Inner(() => ThumbnailParameters)
  parameters?: unknown;
}
