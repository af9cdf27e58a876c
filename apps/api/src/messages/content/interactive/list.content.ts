import { IsOptional } from 'class-validator';
import { findRepeated, Inner, InnerEach, objectsOf, rule, Text } from '../rules.js';
import { textHeader, WithFooter } from './parts.js';
import { AtMostTogether, MAX_SECTIONS, Section, TitledWhenSeveral } from './sections.js';

const MAX_ROWS = 10;

class Row {
  @Text(200)
  id!: unknown;

  @Text(24)
  title!: unknown;

  @IsOptional()
  @Text(72)
  description?: unknown;
}

class ListSection extends Section {
  @InnerEach(() => Row, 1)
  rows!: unknown;
}

/** Where, over all sections, a row has the id of another: section and row. */
function repeatedRow(value: unknown): string[] | null {
  const places = objectsOf(value).flatMap(({ rows }, section) =>
    objectsOf(rows).map(({ id }, row) => ({ id, path: [String(section), 'rows', String(row), 'id'] })),
  );
  const index = findRepeated(places, ({ id }) => id);
  return index === null ? null : (places[index]?.path ?? null);
}

class ListAction {
  @Text(20)
  button!: unknown;

  @rule('unique', (value) => repeatedRow(value) === null, {
    sentence: 'must differ from the id of the other rows',
    member: (value) => repeatedRow(value) ?? [],
  })
  @AtMostTogether(MAX_ROWS, 'rows')
  @TitledWhenSeveral()
  @InnerEach(() => ListSection, 1, MAX_SECTIONS)
  sections!: unknown;
}

class ListBody {
  @Text(4096)
  text!: unknown;
}

/** `list`: a button that opens up to ten rows. */
export class ListContent extends WithFooter {
  @Inner(() => ListBody)
  body!: unknown;

  @IsOptional()
  @Inner(textHeader)
  header?: unknown;

  @Inner(() => ListAction)
  action!: unknown;
}
