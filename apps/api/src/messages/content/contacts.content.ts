import { IsOptional } from 'class-validator';
import { Inner, InnerEach, rule, Text, Whole } from './rules.js';

/** Most contact cards of one message. */
export const MAX_CONTACTS = 257;

const NAME_PARTS = ['first_name', 'last_name', 'middle_name', 'suffix', 'prefix'] as const;

/** Meta takes a name only with at least one of its parts. */
@Whole('namePart', (name) => NAME_PARTS.some((part) => typeof name[part] === 'string' && name[part] !== ''), {
  sentence: `must have at least one of ${NAME_PARTS.join(', ')}`,
})
export class ContactName {
  @Text()
  formatted_name!: unknown;

  @IsOptional()
  @Text(Infinity, 0)
  first_name?: unknown;

  @IsOptional()
  @Text(Infinity, 0)
  last_name?: unknown;

  @IsOptional()
  @Text(Infinity, 0)
  middle_name?: unknown;

  @IsOptional()
  @Text(Infinity, 0)
  suffix?: unknown;

  @IsOptional()
  @Text(Infinity, 0)
  prefix?: unknown;
}

/** What phones, e-mail addresses, postal addresses and links of a card have in common. */
abstract class ContactDetail {
  @IsOptional()
  @Text(Infinity, 0)
  type?: unknown;
}

class ContactPhone extends ContactDetail {
  @IsOptional()
  @Text()
  phone?: unknown;

  @IsOptional()
  @Text()
  wa_id?: unknown;
}

class ContactEmail extends ContactDetail {
  @IsOptional()
  @Text()
  email?: unknown;
}

class ContactUrl extends ContactDetail {
  @IsOptional()
  @Text()
  url?: unknown;
}

class ContactAddress extends ContactDetail {
  @IsOptional()
  @Text(Infinity, 0)
  street?: unknown;

  @IsOptional()
  @Text(Infinity, 0)
  city?: unknown;

  @IsOptional()
  @Text(Infinity, 0)
  state?: unknown;

  @IsOptional()
  @Text(Infinity, 0)
  zip?: unknown;

  @IsOptional()
  @Text(Infinity, 0)
  country?: unknown;

  @IsOptional()
  @Text(Infinity, 0)
  country_code?: unknown;
}

class ContactOrganisation {
  @IsOptional()
  @Text(Infinity, 0)
  company?: unknown;

  @IsOptional()
  @Text(Infinity, 0)
  department?: unknown;

  @IsOptional()
  @Text(Infinity, 0)
  title?: unknown;
}

const DAY = /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
/** Counted, not made into a `Date` and back: 257 cards would spend a quarter of their check on that. */
function isDay(value: unknown): boolean {
  const [, year, month, day] = (typeof value === 'string' ? DAY.exec(value) : null)?.map(Number) ?? [];
  return year !== undefined && month !== undefined && day !== undefined && day <= daysOf(year, month);
}
const isLeap = (year: number) => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
const daysOf = (year: number, month: number) =>
  month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;

/** One card of `contacts`. */
export class ContactContent {
  @Inner(() => ContactName)
  name!: unknown;

  @IsOptional()
  @InnerEach(() => ContactPhone, 0)
  phones?: unknown;

  @IsOptional()
  @InnerEach(() => ContactEmail, 0)
  emails?: unknown;

  @IsOptional()
  @InnerEach(() => ContactAddress, 0)
  addresses?: unknown;

  @IsOptional()
  @InnerEach(() => ContactUrl, 0)
  urls?: unknown;

  @IsOptional()
  @Inner(() => ContactOrganisation)
  org?: unknown;

  @IsOptional()
  @rule('day', isDay, { sentence: 'must be a day like 2000-01-31' })
  birthday?: unknown;
}
