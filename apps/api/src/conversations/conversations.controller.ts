import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, type Principal, RequireScope } from '#access';
import { ListConversationsService } from '#conversations';
import { ApiProblems } from '../http/api-problems.decorator.js';
import { ConversationQueryDto } from './conversation-query.dto.js';
import { ConversationPageResponse } from './conversation.response.js';

/** Conversations, of the senders that the key may use. */
@ApiTags('windows')
@Controller('v1/conversations')
export class ConversationsController {
  constructor(private readonly conversations: ListConversationsService) {}

  /** A page of conversations, those that opened last first. */
  @Get()
  @RequireScope('inbound:read')
  @ApiOperation({ summary: 'Search conversations' })
  @ApiOkResponse({ type: ConversationPageResponse })
  @ApiProblems('validation_failed', 'invalid_cursor')
  async list(
    @Query() query: ConversationQueryDto,
    @CurrentPrincipal() { senders }: Principal,
  ): Promise<ConversationPageResponse> {
    return ConversationPageResponse.from(await this.conversations.list(senders, query.toInput()));
  }
}
