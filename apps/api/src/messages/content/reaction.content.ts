import { Text } from './rules.js';

/** `reaction`; the empty emoji takes a reaction back. */
export class ReactionContent {
  @Text()
  message_id!: unknown;

  @Text(Infinity, 0)
  emoji!: unknown;
}
