import { IsOptional } from 'class-validator';
import { AnyObject, Id, Inner, OneOf, rule, Text, Whole } from '../rules.js';
import { anyHeader, WithBody } from './parts.js';

class FlowPayload {
  @IsOptional()
  @Text()
  screen?: unknown;

  @IsOptional()
  @AnyObject()
  data?: unknown;
}

const isGiven = (value: unknown) => value !== undefined && value !== null;

@Whole('exactlyOne', ({ flow_id, flow_name }) => isGiven(flow_id) !== isGiven(flow_name), {
  sentence: 'must have exactly one of flow_id and flow_name',
})
class FlowParameters {
  @rule('flowVersion', (value) => value === '3' || value === 3, { sentence: 'must be 3' })
  flow_message_version!: unknown;

  @IsOptional()
  @Id()
  flow_id?: unknown;

  @IsOptional()
  @Text()
  flow_name?: unknown;

  @rule('noEmoji', (value) => !/\p{Extended_Pictographic}/u.test(String(value)), { sentence: 'must be without emoji' })
  @Text(20)
  flow_cta!: unknown;

  @IsOptional()
  @Text()
  flow_token?: unknown;

  @IsOptional()
  @OneOf('published', 'draft')
  mode?: unknown;

  @IsOptional()
  @OneOf('navigate', 'data_exchange')
  flow_action?: unknown;

  @IsOptional()
  @Inner(() => FlowPayload)
  flow_action_payload?: unknown;
}

class FlowAction {
  @OneOf('flow')
  name!: unknown;

  @Inner(() => FlowParameters)
  parameters!: unknown;
}

/** `flow`: a button that opens a form. */
export class FlowContent extends WithBody {
  @IsOptional()
  @Inner(anyHeader)
  header?: unknown;

  @Inner(() => FlowAction)
  action!: unknown;
}
