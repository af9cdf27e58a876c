import { type ContentClass, OneOf } from '../rules.js';
import { ButtonContent } from './button.content.js';
import { CarouselContent } from './carousel.content.js';
import { FlowContent } from './flow.content.js';
import { ListContent } from './list.content.js';
import { OrderDetailsContent, OrderStatusContent } from './order.content.js';
import { CatalogContent, ProductContent, ProductListContent } from './products.content.js';
import {
  AddressContent,
  CallPermissionContent,
  ContactInfoContent,
  CtaUrlContent,
  LocationRequestContent,
  VoiceCallContent,
} from './requests.content.js';

/** Every `interactive.type`, and what it holds. */
const KINDS: ReadonlyMap<unknown, ContentClass> = new Map<unknown, ContentClass>([
  ['button', ButtonContent],
  ['list', ListContent],
  ['cta_url', CtaUrlContent],
  ['product', ProductContent],
  ['product_list', ProductListContent],
  ['catalog_message', CatalogContent],
  ['flow', FlowContent],
  ['location_request_message', LocationRequestContent],
  ['address_message', AddressContent],
  ['carousel', CarouselContent],
  ['order_details', OrderDetailsContent],
  ['order_status', OrderStatusContent],
  ['voice_call', VoiceCallContent],
  ['call_permission_request', CallPermissionContent],
  ['request_contact_info', ContactInfoContent],
]);

class UnknownInteractive {
  @OneOf(...[...KINDS.keys()].map(String))
  type!: unknown;
}

/** The class of an interactive message, by its `type`. */
export const interactiveContent = ({ type }: Record<string, unknown>): ContentClass =>
  KINDS.get(type) ?? UnknownInteractive;
