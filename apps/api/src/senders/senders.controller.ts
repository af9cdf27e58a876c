import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, type Principal, RequireScope } from '#access';
import { ApiProblems } from '../http/api-problems.decorator.js';
import { AddSenderDto } from './add-sender.dto.js';
import { AdmitSenderService } from './admit-sender.service.js';
import { SenderListResponse, SenderResponse } from './sender.response.js';
import { SenderLimitsResponse } from './sender-limits.response.js';
import { ViewSendersService } from './view-senders.service.js';

const EXAMPLES = {
  sender: {
    summary: 'A sender',
    value: { phoneNumberId: '800000000000001', wabaId: '900000000000001', accessToken: 'EAAGexample' },
  },
  everything: {
    summary: 'Every field',
    value: {
      phoneNumberId: '800000000000002',
      wabaId: '900000000000001',
      accessToken: 'EAAGexample',
      portfolioId: '700000000000001',
      appId: 'default',
      currency: 'EUR',
      timezone: 'Europe/Berlin',
      displayNumber: '+1 555 010 0000',
    },
  },
};

/** Business phone numbers. A key sees and changes those that it may use. */
@ApiTags('senders')
@Controller('v1/senders')
@RequireScope('senders')
export class SendersController {
  constructor(
    private readonly admitSender: AdmitSenderService,
    private readonly viewSenders: ViewSendersService,
  ) {}

  /** Adds a sender, or gives one that exists a new token or detail; what is left out stays. */
  @Post()
  @ApiOperation({ summary: 'Add or change a sender' })
  @ApiBody({ type: AddSenderDto, examples: EXAMPLES })
  @ApiCreatedResponse({ type: SenderResponse })
  @ApiProblems('validation_failed', 'sender_not_allowed')
  async add(@Body() body: AddSenderDto, @CurrentPrincipal() principal: Principal): Promise<SenderResponse> {
    return SenderResponse.from(await this.admitSender.admit(principal, body.toInput()));
  }

  /** The senders that the key may use. */
  @Get()
  @ApiOperation({ summary: 'List senders' })
  @ApiOkResponse({ type: SenderListResponse })
  @ApiProblems()
  async listSenders(@CurrentPrincipal() principal: Principal): Promise<SenderListResponse> {
    return SenderListResponse.from(await this.viewSenders.list(principal));
  }

  /** One sender that the key may use. */
  @Get(':phoneNumberId')
  @ApiOperation({ summary: 'Look at a sender' })
  @ApiOkResponse({ type: SenderResponse })
  @ApiProblems('sender_not_found')
  async getSender(
    @Param('phoneNumberId') phoneNumberId: string,
    @CurrentPrincipal() principal: Principal,
  ): Promise<SenderResponse> {
    return SenderResponse.from(await this.viewSenders.get(principal, phoneNumberId));
  }

  /** What the sender may do, how Meta rates it, and how that came about. */
  @Get(':phoneNumberId/limits')
  @ApiOperation({ summary: 'Limits and quality of a sender, with their history' })
  @ApiOkResponse({ type: SenderLimitsResponse })
  @ApiProblems('sender_not_found')
  async getLimits(
    @Param('phoneNumberId') phoneNumberId: string,
    @CurrentPrincipal() principal: Principal,
  ): Promise<SenderLimitsResponse> {
    return SenderLimitsResponse.from(await this.viewSenders.limits(principal, phoneNumberId));
  }
}
