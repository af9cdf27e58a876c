import { IsOptional } from 'class-validator';
import { MAX_PRODUCTS, ProductSection } from '../interactive/products.content.js';
import { OrderDetails } from '../interactive/order.content.js';
import { AtMostTogether, MAX_SECTIONS, TitledWhenSeveral } from '../interactive/sections.js';
import { AnyObject, type ContentClass, Digits, Inner, InnerEach, OneOfAnyCase, Text } from '../rules.js';
import { parametersOf } from './parameters.js';

/** A template has at most ten buttons; `index` is a button's place among them. */
const MAX_INDEX = 9;

class FlowAction {
  @IsOptional()
  @Text()
  flow_token?: unknown;

  @IsOptional()
  @AnyObject()
  flow_action_data?: unknown;
}

class CatalogAction {
  @IsOptional()
  @Text()
  thumbnail_product_retailer_id?: unknown;
}

class ProductsAction {
  @Text()
  thumbnail_product_retailer_id!: unknown;

  @AtMostTogether(MAX_PRODUCTS, 'product_items')
  @TitledWhenSeveral()
  @InnerEach(() => ProductSection, 1, MAX_SECTIONS)
  sections!: unknown;
}

class OrderAction {
  @Inner(() => OrderDetails)
  order_details!: unknown;
}

/** A button whose one parameter is an action of this class. */
function actionButton(action: ContentClass): ContentClass {
  class ActionParameter {
    @Inner(() => action)
    action!: unknown;
  }
  return button(['action'], { action: ActionParameter });
}

function button(types: readonly string[], own: Readonly<Record<string, ContentClass>> = {}): ContentClass {
  class Button {
    @Digits(0, MAX_INDEX)
    index!: unknown;

    @InnerEach(parametersOf(types, own), 1, 1)
    parameters!: unknown;
  }
  return Button;
}

/** Buttons that Meta names without saying what they take: their parameters go as they came. */
class OpenButton {
  @Digits(0, MAX_INDEX)
  index!: unknown;

  @IsOptional()
  @InnerEach(() => null, 0)
  parameters?: unknown;
}

const BUTTONS: ReadonlyMap<unknown, ContentClass> = new Map<unknown, ContentClass>([
  ['quick_reply', button(['payload'])],
  ['url', button(['text'])],
  ['copy_code', button(['coupon_code'])],
  ['flow', actionButton(FlowAction)],
  ['catalog', actionButton(CatalogAction)],
  ['mpm', actionButton(ProductsAction)],
  ['order_details', actionButton(OrderAction)],
  ['spm', OpenButton],
  ['otp', OpenButton],
  ['phone_number', OpenButton],
  ['voice_call', OpenButton],
  ['request_contact_info', OpenButton],
  ['order_status', OpenButton],
]);

class UnknownButton {
  @OneOfAnyCase(...[...BUTTONS.keys()].map(String))
  sub_type!: unknown;
}

/** The class of a button component, by its `sub_type`. */
export const buttonComponent = ({ sub_type }: Record<string, unknown>): ContentClass =>
  BUTTONS.get(typeof sub_type === 'string' ? sub_type.toLowerCase() : sub_type) ?? UnknownButton;
