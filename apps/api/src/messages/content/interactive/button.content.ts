import { IsOptional } from 'class-validator';
import { findRepeated, Inner, InnerEach, objectOf, OneOf, rule, Text } from '../rules.js';
import { anyHeader, WithBody } from './parts.js';

const MAX_BUTTONS = 3;

class Reply {
  @Text(256)
  id!: unknown;

  @Text(20)
  title!: unknown;
}

class ReplyButton {
  @OneOf('reply')
  type!: unknown;

  @Inner(() => Reply)
  reply!: unknown;
}

const repeated = (member: 'id' | 'title') => (value: unknown) =>
  Array.isArray(value) ? findRepeated(value, ({ reply }) => objectOf(reply)[member]) : null;

const Unique = (member: 'id' | 'title') =>
  rule('unique', (value) => repeated(member)(value) === null, {
    sentence: `must differ from the ${member} of the other buttons`,
    member: (value) => [String(repeated(member)(value)), 'reply', member],
  });

class ButtonAction {
  @Unique('title')
  @Unique('id')
  @InnerEach(() => ReplyButton, 1, MAX_BUTTONS)
  buttons!: unknown;
}

/** `button`: up to three reply buttons. */
export class ButtonContent extends WithBody {
  @IsOptional()
  @Inner(anyHeader)
  header?: unknown;

  @Inner(() => ButtonAction)
  action!: unknown;
}
