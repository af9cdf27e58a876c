import { readFixture } from './fixtures.js';
import { senderNumberOf } from './phone-numbers.js';
import type { Settings } from './settings.js';
import type { Template } from './template-catalog.js';

/** A node: what it shows when nobody asks for fields, and what it shows besides when asked. */
export interface GraphNode {
  usual: object;
  extra: object;
}

const recordedPhoneNumber = readFixture<object>('graph/phone_number_get.json');
const HEALTHY = { can_send_message: 'AVAILABLE', entities: [] };

/** A business phone number. */
export function phoneNumberNode(phoneNumberId: string, settings: Settings): GraphNode {
  const { displayPhoneNumber } = senderNumberOf(phoneNumberId, settings);
  const display_phone_number = displayPhoneNumber.replace(/^(\d)(\d{3})(\d{3})(\d{4})$/, '+$1 $2-$3-$4');
  return {
    usual: { ...recordedPhoneNumber, display_phone_number, id: phoneNumberId },
    extra: {
      account_mode: 'LIVE',
      is_official_business_account: false,
      messaging_limit_tier: 'TIER_2K',
      quality_score: { score: 'GREEN' },
      health_status: HEALTHY,
    },
  };
}

/** The WhatsApp Business Account. */
export function wabaNode(wabaId: string): GraphNode {
  return {
    usual: {
      id: wabaId,
      name: 'Example Shop',
      currency: 'USD',
      timezone_id: '1',
      message_template_namespace: 'example',
    },
    extra: {
      account_review_status: 'APPROVED',
      business_verification_status: 'verified',
      primary_business_location: 'US',
      whatsapp_business_manager_messaging_limit: 'TIER_2K',
      health_status: HEALTHY,
    },
  };
}

/** A template. */
export function templateNode(template: Template): GraphNode {
  const { message_send_ttl_seconds: ttl, ...usual } = template;
  return {
    usual,
    extra: {
      message_send_ttl_seconds: ttl,
      quality_score: { score: 'GREEN' },
      rejected_reason: 'NONE',
      previous_category: null,
      health_status: HEALTHY,
    },
  };
}
