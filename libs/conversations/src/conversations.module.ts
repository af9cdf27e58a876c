import { Module } from '@nestjs/common';
import { WindowEvidenceService } from './window-evidence.service.js';
import { WindowService } from './window.service.js';

/** Customer service windows: needs nothing but the database. */
@Module({ providers: [WindowEvidenceService, WindowService], exports: [WindowEvidenceService, WindowService] })
export class ConversationsModule {}
