import { Injectable, type PipeTransform } from '@nestjs/common';
import type { ApiParamOptions } from '@nestjs/swagger';
import { FindMessageService } from '#messages';

/** How OpenAPI describes the name of a message in an address. */
export const MESSAGE_REFERENCE: ApiParamOptions = {
  name: 'id',
  description: 'Its UUID, the id that the drop-in API gave, or Meta’s wamid; percent-encoded',
};

/** The UUID of the message that an address names in one of its three ways. @throws MessageNotFoundError */
@Injectable()
export class MessageReferencePipe implements PipeTransform<string, Promise<string>> {
  constructor(private readonly findMessage: FindMessageService) {}

  transform(reference: string): Promise<string> {
    return this.findMessage.idOf(reference);
  }
}
