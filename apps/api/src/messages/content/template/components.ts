import { IsOptional } from 'class-validator';
import { type ContentClass, Digits, InnerEach, objectsOf, OneOfAnyCase, rule } from '../rules.js';
import { buttonComponent } from './button-component.js';
import { parametersOf } from './parameters.js';

class HeaderComponent {
  @InnerEach(parametersOf(['text', 'image', 'video', 'document', 'gif', 'location', 'product']), 1, 1)
  parameters!: unknown;
}

class BodyComponent {
  @IsOptional()
  @InnerEach(parametersOf(['text', 'currency', 'date_time']), 0)
  parameters?: unknown;
}

class OfferComponent {
  @InnerEach(parametersOf(['limited_time_offer']), 1, 1)
  parameters!: unknown;
}

class OrderStatusComponent {
  @InnerEach(parametersOf(['order_status']), 1, 1)
  parameters!: unknown;
}

class TapTargetComponent {
  @InnerEach(parametersOf(['tap_target_configuration']), 1)
  parameters!: unknown;
}

const kindOf = ({ type }: Record<string, unknown>) => (typeof type === 'string' ? type.toLowerCase() : '');

/** What a component of a kind is told apart by: buttons by their index, all others by their kind alone. */
const nameOf = (component: Record<string, unknown>) =>
  kindOf(component) === 'button' ? `button ${String(component.index)}` : kindOf(component);

function repeated(value: unknown): number {
  const names = objectsOf(value).map(nameOf);
  return names.findIndex((name, index) => names.indexOf(name) < index);
}

/** Each component comes once, each button index once. */
const EachOnce = () =>
  rule('once', (value) => repeated(value) === -1, {
    sentence: 'comes a second time: each component, and each button index, may come once',
    member: (value) => [String(repeated(value))],
  });

class CardComponents {
  @Digits(0, 9)
  card_index!: unknown;

  @EachOnce()
  @InnerEach((component) => componentContent(component), 1)
  components!: unknown;
}

const misplaced = (value: unknown) =>
  objectsOf(value).findIndex(({ card_index }, index, all) =>
    all.slice(0, index).some((other) => Number(other.card_index) === Number(card_index)),
  );

class CarouselComponent {
  @rule('cardIndex', (value) => misplaced(value) === -1, {
    sentence: 'must differ from the card_index of the other cards',
    member: (value) => [String(misplaced(value)), 'card_index'],
  })
  @InnerEach(() => CardComponents, 2, 10)
  cards!: unknown;
}

const COMPONENTS: Readonly<Record<string, (component: Record<string, unknown>) => ContentClass>> = {
  header: () => HeaderComponent,
  body: () => BodyComponent,
  button: buttonComponent,
  limited_time_offer: () => OfferComponent,
  carousel: () => CarouselComponent,
  tap_target_configuration: () => TapTargetComponent,
  order_status: () => OrderStatusComponent,
};

class UnknownComponent {
  @OneOfAnyCase(...Object.keys(COMPONENTS))
  type!: unknown;
}

/** The class of a component, by its `type`. */
export const componentContent = (component: Record<string, unknown>): ContentClass =>
  Object.hasOwn(COMPONENTS, kindOf(component))
    ? (COMPONENTS[kindOf(component)]?.(component) ?? UnknownComponent)
    : UnknownComponent;

/** All components of a template. */
export const Components = () => (target: object, property: string) => {
  InnerEach(componentContent, 0)(target, property);
  EachOnce()(target, property);
};
