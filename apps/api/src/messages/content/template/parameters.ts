import { IsOptional } from 'class-validator';
import { ProductItem } from '../interactive/actions.js';
import { OrderStatusParameters } from '../interactive/order.content.js';
import { LocationContent } from '../location.content.js';
import { DocumentContent, MediaContent } from '../media.content.js';
import { type ContentClass, Id, Inner, InnerEach, OneOfAnyCase, Text, WholeNumber } from '../rules.js';

abstract class Parameter {
  @IsOptional()
  @Text()
  parameter_name?: unknown;
}

class TextParameter extends Parameter {
  @Text()
  text!: unknown;
}

class ImageParameter extends Parameter {
  @Inner(() => MediaContent)
  image!: unknown;
}

class VideoParameter extends Parameter {
  @Inner(() => MediaContent)
  video!: unknown;
}

class GifParameter extends Parameter {
  @Inner(() => MediaContent)
  gif!: unknown;
}

class DocumentParameter extends Parameter {
  @Inner(() => DocumentContent)
  document!: unknown;
}

class LocationParameter extends Parameter {
  @Inner(() => LocationContent)
  location!: unknown;
}

class Product extends ProductItem {
  @Id()
  catalog_id!: unknown;
}

class ProductParameter extends Parameter {
  @Inner(() => Product)
  product!: unknown;
}

class Currency {
  @Text()
  fallback_value!: unknown;

  @Text()
  code!: unknown;

  @WholeNumber(0)
  amount_1000!: unknown;
}

class CurrencyParameter extends Parameter {
  @Inner(() => Currency)
  currency!: unknown;
}

class DateTime {
  @Text()
  fallback_value!: unknown;
}

class DateTimeParameter extends Parameter {
  @Inner(() => DateTime)
  date_time!: unknown;
}

class PayloadParameter {
  @Text()
  payload!: unknown;
}

class CouponParameter {
  @Text(15)
  coupon_code!: unknown;
}

class Offer {
  @WholeNumber(1)
  expiration_time_ms!: unknown;
}

class OfferParameter {
  @Inner(() => Offer)
  limited_time_offer!: unknown;
}

class TapTarget {
  @Text()
  url!: unknown;

  @Text()
  title!: unknown;
}

class TapTargetParameter {
  @InnerEach(() => TapTarget, 1)
  tap_target_configuration!: unknown;
}

class OrderStatusParameter {
  @Inner(() => OrderStatusParameters)
  order_status!: unknown;
}

const PARAMETERS: Readonly<Record<string, ContentClass>> = {
  text: TextParameter,
  image: ImageParameter,
  video: VideoParameter,
  gif: GifParameter,
  document: DocumentParameter,
  location: LocationParameter,
  product: ProductParameter,
  currency: CurrencyParameter,
  date_time: DateTimeParameter,
  payload: PayloadParameter,
  coupon_code: CouponParameter,
  limited_time_offer: OfferParameter,
  tap_target_configuration: TapTargetParameter,
  order_status: OrderStatusParameter,
};

/** Picks the class of a parameter that may be of these types; more can be named with a class of their own. */
export function parametersOf(types: readonly string[], own: Readonly<Record<string, ContentClass>> = {}) {
  class OtherParameter {
    @OneOfAnyCase(...types)
    type!: unknown;
  }
  return ({ type }: Record<string, unknown>): ContentClass => {
    const kind = typeof type === 'string' ? type.toLowerCase() : '';
    return types.includes(kind) ? (own[kind] ?? PARAMETERS[kind] ?? OtherParameter) : OtherParameter;
  };
}
