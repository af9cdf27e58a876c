import { Text } from './rules.js';

/** `context`: the message that this one answers. */
export class ContextContent {
  @Text()
  message_id!: unknown;
}
