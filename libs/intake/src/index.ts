export { applyItems } from './apply-items.js';
export { ApplyNotificationsService } from './apply-notifications.service.js';
export { IntakeModule } from './intake.module.js';
export { ReleaseParkedService } from './release-parked.service.js';
export { StoreNotificationService } from './store/store-notification.service.js';
export * from './inbound/index.js';
export * from './replay/index.js';
