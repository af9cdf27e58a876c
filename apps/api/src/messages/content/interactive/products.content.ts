import { Id, Inner, InnerEach, NotHere } from '../rules.js';
import { CatalogAction, ProductItem } from './actions.js';
import { textHeader, WithBody, WithOptionalBody } from './parts.js';
import { AtMostTogether, MAX_SECTIONS, Section, TitledWhenSeveral } from './sections.js';

/** Most products of one message. */
export const MAX_PRODUCTS = 30;

class ProductAction extends ProductItem {
  @Id()
  catalog_id!: unknown;
}

/** `product`: one product of a catalog. */
export class ProductContent extends WithOptionalBody {
  @NotHere('a product message has no header')
  header?: unknown;

  @Inner(() => ProductAction)
  action!: unknown;
}

/** Products under one title; also in templates. */
export class ProductSection extends Section {
  @InnerEach(() => ProductItem, 1)
  product_items!: unknown;
}

class ProductListAction {
  @Id()
  catalog_id!: unknown;

  @AtMostTogether(MAX_PRODUCTS, 'product_items')
  @TitledWhenSeveral()
  @InnerEach(() => ProductSection, 1, MAX_SECTIONS)
  sections!: unknown;
}

/** `product_list`: up to thirty products in sections. */
export class ProductListContent extends WithBody {
  @Inner(textHeader)
  header!: unknown;

  @Inner(() => ProductListAction)
  action!: unknown;
}

/** `catalog_message`: a button that opens the whole catalog. */
export class CatalogContent extends WithBody {
  @NotHere('a catalog message has no header')
  header?: unknown;

  @Inner(() => CatalogAction)
  action!: unknown;
}
