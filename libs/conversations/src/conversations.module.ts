import { Module } from '@nestjs/common';
import { ListConversationsService } from './list-conversations.service.js';
import { TellEndsService } from './tell-ends.service.js';
import { WindowEvidenceService } from './window-evidence.service.js';
import { WindowService } from './window.service.js';

const SERVICES = [ListConversationsService, TellEndsService, WindowEvidenceService, WindowService];

/** Customer service windows and conversations: needs nothing but the database. */
@Module({ providers: SERVICES, exports: SERVICES })
export class ConversationsModule {}
