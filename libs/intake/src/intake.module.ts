import { Module } from '@nestjs/common';
import { StatusChannelService } from '#delivery';
import { ApplyNotificationsService } from './apply-notifications.service.js';
import { ReleaseParkedService } from './release-parked.service.js';
import { StoreNotificationService } from './store/store-notification.service.js';

/** Intake: what Meta tells us, stored raw and applied to the records. */
@Module({
  providers: [ApplyNotificationsService, ReleaseParkedService, StatusChannelService, StoreNotificationService],
  exports: [ApplyNotificationsService, ReleaseParkedService, StoreNotificationService],
})
export class IntakeModule {}
