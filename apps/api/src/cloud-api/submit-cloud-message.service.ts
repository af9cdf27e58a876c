import { Injectable } from '@nestjs/common';
import type { Principal } from '#access';
import type { MetaApi, RecipientName } from '#graph-api';
import { AuthenticationRefusedError, heraldWamid } from '#messages';
import { TemplateRefusedError } from '#templates';
import { RequestRefusedError } from '../http/request.errors.js';
import { createValidationPipe } from '../http/validation.js';
import type { Idempotency } from '../messages/idempotency-key.decorator.js';
import { SendMessageDto } from '../messages/send-message.dto.js';
import { SubmitMessageService } from '../messages/submit-message.service.js';

/** A message as Meta's endpoint gets it, and what our own headers say beside it. */
export interface CloudMessage {
  phoneNumberId: string;
  api: MetaApi;
  to: unknown;
  message: Record<string, unknown>;
  headers: Record<string, string | string[] | undefined>;
  idempotency: Idempotency | undefined;
}

/** Meta's answer to a message that it takes. */
export interface CloudAnswer {
  messaging_product: 'whatsapp';
  contacts: { input: string; wa_id?: string; user_id?: string }[];
  messages: { id: string; message_status?: 'accepted'; group_id?: string }[];
}

/** Headers that say what Meta's body has no place for, and the fields of ours that they stand for. */
const HEADERS = {
  priority: 'Herald-Priority',
  deliveryPolicy: 'Herald-Delivery-Policy',
  expiresAt: 'Herald-Expires-At',
} as const;

/** What is refused only once more than the body is known. */
const REFUSALS = [AuthenticationRefusedError, TemplateRefusedError];

/** Takes a message from the drop-in API by the same way that those of `/v1` come. */
@Injectable()
export class SubmitCloudMessageService {
  private readonly pipe = createValidationPipe();

  constructor(private readonly submitMessage: SubmitMessageService) {}

  /** @throws RequestRefusedError, its fields named as Meta's, and what SubmitMessageService throws */
  async submit(principal: Principal, cloud: CloudMessage): Promise<{ answer: CloudAnswer; isReplay: boolean }> {
    const { phoneNumberId, api, to, message, headers, idempotency } = cloud;
    const said: Record<string, unknown> = Object.fromEntries(
      Object.entries(HEADERS).map(([field, header]) => [field, headers[header.toLowerCase()]]),
    );
    // Meta decides on the window: whoever writes for Meta expects its answer.
    const request = { from: phoneNumberId, to, message, api, windowPolicy: 'trust_meta', ...said };
    const dto = await this.validate(request);
    try {
      const { body, isReplay } = await this.submitMessage.submit(principal, dto.toInput(), idempotency);
      return { answer: answerTo(body), isReplay };
    } catch (error) {
      throw REFUSALS.some((refusal) => error instanceof refusal) ? inMetasWords(error as RequestRefusedError) : error;
    }
  }

  private async validate(request: object): Promise<SendMessageDto> {
    try {
      return (await this.pipe.transform(request, { type: 'body', metatype: SendMessageDto })) as SendMessageDto;
    } catch (error) {
      throw error instanceof RequestRefusedError ? inMetasWords(error) : error;
    }
  }
}

/** A refusal whose fields are named from Meta's body: `message.text.body` is `text.body` there. */
function inMetasWords({ code, errors }: Pick<RequestRefusedError, 'code' | 'errors'>): RequestRefusedError {
  const renamed = errors.map((problem) => {
    const field = metasName(problem.field);
    return { ...problem, field, message: problem.message.replace(problem.field, field) };
  });
  return new RequestRefusedError(code, `See errors: ${renamed.map(({ field }) => field).join(', ')}`, renamed);
}

const metasName = (field: string) =>
  field === 'from' ? 'phone_number_id' : (HEADERS[field as keyof typeof HEADERS] ?? field.replace(/^message\./, ''));

function answerTo(accepted: Record<string, unknown>): CloudAnswer {
  const { id, type, input, to } = accepted as { id: string; type: string; input: string; to: RecipientName };
  const name = typeof to === 'string' ? { wa_id: to.replace('+', '') } : 'userId' in to ? { user_id: to.userId } : {};
  return {
    messaging_product: 'whatsapp',
    contacts: [{ input, ...name }],
    messages: [
      {
        id: heraldWamid(id),
        ...(type === 'template' ? { message_status: 'accepted' as const } : {}),
        ...(typeof to === 'object' && 'groupId' in to ? { group_id: to.groupId } : {}),
      },
    ],
  };
}
