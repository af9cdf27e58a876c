import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, type Principal, RequireScope } from '#access';
import { WindowService } from '#conversations';
import { ApiProblems } from '../http/api-problems.decorator.js';
import { RequestRefusedError } from '../http/request.errors.js';
import { isRecipientKey, recipientKey } from '../messages/recipient.js';
import { ViewSendersService } from '../senders/view-senders.service.js';
import { WindowQueryDto } from './window-query.dto.js';
import { WindowResponse } from './window.response.js';

/** Customer service windows, of the senders that the key may use. */
@ApiTags('windows')
@Controller('v1/windows')
export class WindowsController {
  constructor(
    private readonly senders: ViewSendersService,
    private readonly windows: WindowService,
  ) {}

  /** The window of a contact now, or at an instant of the past: by what Herald has heard of the contact until then. */
  @Get(':sender/:contact')
  @RequireScope('inbound:read')
  @ApiOperation({ summary: 'Look at a customer service window' })
  @ApiParam({ name: 'sender', example: '800000000000001' })
  @ApiParam({ name: 'contact', description: 'A phone number or a user id', example: '15550100001' })
  @ApiOkResponse({ type: WindowResponse })
  @ApiProblems('validation_failed', 'sender_not_found')
  async getWindow(
    @Param('sender') sender: string,
    @Param('contact') contact: string,
    @Query() { at }: WindowQueryDto,
    @CurrentPrincipal() principal: Principal,
  ): Promise<WindowResponse> {
    await this.senders.get(principal, sender);
    if (!isRecipientKey(contact))
      throw new RequestRefusedError(
        'validation_failed',
        'contact must be a phone number of 7 to 15 digits, or a user id',
      );
    const recipient = recipientKey(contact);
    const view = await this.windows.stateOf(
      { phoneNumberId: sender, recipient },
      at === undefined ? null : new Date(at),
    );
    return WindowResponse.from({ sender, contact: recipient, at: at === undefined ? new Date() : new Date(at) }, view);
  }
}
