import { IsOptional } from 'class-validator';
import { Digits, Inner, InnerEach, OneOf, Text, WholeNumber } from '../rules.js';
import { anyHeader, WithBody } from './parts.js';

/** An amount: `value / offset` of the currency. */
class Amount {
  @WholeNumber(0)
  value!: unknown;

  @WholeNumber(1)
  offset!: unknown;
}

class OrderItem {
  @IsOptional()
  @Text()
  retailer_id?: unknown;

  @Text()
  name!: unknown;

  @Inner(() => Amount)
  amount!: unknown;

  @Digits(1)
  quantity!: unknown;
}

class Order {
  @Text()
  status!: unknown;

  @IsOptional()
  @InnerEach(() => OrderItem, 1)
  items?: unknown;

  @IsOptional()
  @Inner(() => Amount)
  subtotal?: unknown;

  @IsOptional()
  @Inner(() => Amount)
  tax?: unknown;

  @IsOptional()
  @Inner(() => Amount)
  shipping?: unknown;

  @IsOptional()
  @Inner(() => Amount)
  discount?: unknown;
}

/** What is to be paid; also in templates. */
export class OrderDetails {
  @Text()
  reference_id!: unknown;

  @IsOptional()
  @OneOf('digital-goods', 'physical-goods')
  type?: unknown;

  @Text()
  currency!: unknown;

  @Inner(() => Amount)
  total_amount!: unknown;

  @Inner(() => Order)
  order!: unknown;
}

class OrderDetailsAction {
  @OneOf('review_and_pay')
  name!: unknown;

  @Inner(() => OrderDetails)
  parameters!: unknown;
}

/** `order_details`. */
export class OrderDetailsContent extends WithBody {
  @IsOptional()
  @Inner(anyHeader)
  header?: unknown;

  @Inner(() => OrderDetailsAction)
  action!: unknown;
}

class OrderState {
  @Text()
  status!: unknown;

  @IsOptional()
  @Text(Infinity, 0)
  description?: unknown;
}

/** What became of an order; also in templates. */
export class OrderStatusParameters {
  @Text()
  reference_id!: unknown;

  @Inner(() => OrderState)
  order!: unknown;
}

class OrderStatusAction {
  @OneOf('review_order')
  name!: unknown;

  @Inner(() => OrderStatusParameters)
  parameters!: unknown;
}

/** `order_status`. */
export class OrderStatusContent extends WithBody {
  @IsOptional()
  @Inner(anyHeader)
  header?: unknown;

  @Inner(() => OrderStatusAction)
  action!: unknown;
}
