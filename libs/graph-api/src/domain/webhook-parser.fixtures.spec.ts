import { describe, expect, it } from '@jest/globals';
import { listFixtures, readFixture } from '../fixtures/read-fixture.js';
import type { NotificationItem } from './notification-item.js';
import { splitNotification } from './webhook-parser.js';

/** What each delivery holds: the words of its items, and the files (without `.json`) of which that is true. */
const EXPECTED: [items: string[], files: string[]][] = [
  [['inbound audio'], ['message_audio_file', 'message_audio_voice']],
  [['inbound button'], ['message_button_template']],
  [['inbound contacts'], ['message_contacts', 'message_contacts_requested']],
  [['inbound document'], ['message_document']],
  [['inbound edit'], ['message_edit']],
  [['inbound hologram'], ['unknown_message_type']],
  [['inbound image'], ['message_image']],
  [
    ['inbound interactive'],
    [
      'message_interactive_button_reply',
      'message_interactive_call_permission_reply',
      'message_interactive_list_reply',
      'message_interactive_nfm_reply_address',
      'message_interactive_nfm_reply_flow',
    ],
  ],
  [['inbound location'], ['message_location']],
  [['inbound order'], ['message_order']],
  [['inbound reaction'], ['message_reaction', 'message_reaction_removed']],
  [['inbound request_welcome'], ['message_request_welcome']],
  [['inbound revoke'], ['message_revoke']],
  [['inbound sticker'], ['message_sticker']],
  [['inbound system'], ['message_system_number_changed', 'message_system_user_id_changed']],
  [
    ['inbound text'],
    [
      'message_bsuid_username_no_phone',
      'message_group',
      'message_identity_key_hash',
      'message_legacy_pre_bsuid',
      'message_parent_bsuid',
      'message_text',
      'message_text_forwarded',
      'message_text_frequently_forwarded',
      'message_text_referral_ad',
      'message_text_referral_status_ad_video',
      'message_text_referred_product',
      'message_text_reply_context',
      'message_text_unicode_and_escapes',
    ],
  ],
  [
    ['inbound unsupported'],
    ['message_media_too_large_131052', 'message_unsupported_131051', 'message_unsupported_131060'],
  ],
  [['inbound video'], ['message_video']],
  [['inbound text', 'inbound text', 'status delivered'], ['batch_multiple_entries_and_changes']],
  [['status deleted'], ['status_deleted_legacy']],
  [
    ['status delivered'],
    [
      'status_delivered_bsuid_username',
      'status_delivered_cbp_utility',
      'status_delivered_free_entry_point',
      'status_delivered_v25_utility_regular',
    ],
  ],
  [['status delivered', 'status delivered'], ['status_group_delivered']],
  [['status failed 130403'], ['status_failed_130403']],
  [['status failed 130429'], ['status_failed_130429']],
  [['status failed 130472'], ['status_failed_130472']],
  [['status failed 131000'], ['status_failed_131000']],
  [['status failed 131009'], ['status_failed_131009']],
  [['status failed 131026'], ['status_failed_131026', 'status_failed_bsuid']],
  [['status failed 131031'], ['status_failed_131031']],
  [['status failed 131042'], ['status_failed_131042']],
  [['status failed 131047'], ['status_failed_131047']],
  [['status failed 131048'], ['status_failed_131048']],
  [['status failed 131049'], ['status_failed_131049']],
  [['status failed 131050'], ['status_failed_131050']],
  [['status failed 131052'], ['status_failed_131052']],
  [['status failed 131053'], ['status_failed_131053']],
  [['status failed 131056'], ['status_failed_131056']],
  [['status failed 131064'], ['status_failed_131064']],
  [['status failed 132015'], ['status_failed_132015']],
  [['status played'], ['status_played_voice']],
  [['status read'], ['status_read_cbp_utility', 'status_read_v25_no_pricing', 'status_read_without_delivered']],
  [
    ['status sent'],
    [
      'status_reaction_sent_only',
      'status_sent_authentication',
      'status_sent_authentication_international',
      'status_sent_bsuid_no_phone',
      'status_sent_cbp_second_message_same_conversation',
      'status_sent_cbp_service_free',
      'status_sent_cbp_utility',
      'status_sent_free_entry_point',
      'status_sent_marketing',
      'status_sent_marketing_lite',
      'status_sent_service_pmp1_free',
      'status_sent_service_pmp2_regular',
      'status_sent_unknown_free_type',
      'status_sent_utility_in_window_pmp1_free',
      'status_sent_v23_pmp_with_conversation',
      'status_sent_v25_utility_regular',
    ],
  ],
  [['account error 130429'], ['errors_value_level']],
  [['other account_alerts'], ['account_alert']],
  [['other account_review_update'], ['account_review']],
  [
    ['other account_update'],
    [
      'account_auth_intl_eligibility',
      'account_deleted',
      'account_disabled_update',
      'account_partner_added',
      'account_primary_location',
      'account_restriction',
      'account_violation',
      'account_volume_tier',
    ],
  ],
  [['other business_capability_update'], ['capability_250', 'capability_integer_legacy', 'capability_tier_string']],
  [['other business_username_updates'], ['business_username']],
  [['other calls'], ['calls_connect', 'calls_terminate']],
  [['other field_not_invented_yet'], ['unknown_field']],
  [['other flows'], ['flows_status_change']],
  [['other history'], ['history_chunk', 'history_declined']],
  [['other message_template_components_update'], ['template_components']],
  [['other message_template_quality_update'], ['template_quality']],
  [
    ['other message_template_status_update'],
    [
      'template_status_approved',
      'template_status_disabled',
      'template_status_paused',
      'template_status_pending_deletion',
      'template_status_rejected',
    ],
  ],
  [['other partner_solutions'], ['partner_solution']],
  [['other payment_configuration_update'], ['payment_configuration']],
  [['other phone_number_name_update'], ['phone_name_approved', 'phone_name_rejected']],
  [['other phone_number_quality_update'], ['phone_quality_throughput']],
  [['other security'], ['security_pin_changed', 'security_pin_reset_request']],
  [['other smb_app_state_sync'], ['smb_app_state_sync']],
  [['other smb_message_echoes'], ['smb_message_echo']],
  [['other template_category_update'], ['template_category_done', 'template_category_impending']],
  [['other user_preferences'], ['user_preferences_resume', 'user_preferences_stop']],
];

const NO_DELIVERY = ['sequence_out_of_order', 'signature_vectors', 'verification_get'];

function words(item: NotificationItem): string {
  switch (item.kind) {
    case 'status':
      return `status ${item.status}${item.errorCode === null ? '' : ` ${item.errorCode}`}`;
    case 'inbound_message':
      return `inbound ${item.type}`;
    case 'account_error':
      return `account error ${item.errorCode}`;
    case 'other':
      return `other ${item.field}`;
    case 'unknown':
    case 'unparsable':
      return item.kind;
  }
}

const rows = EXPECTED.flatMap(([items, files]) => files.map((file) => [file, items] as const));

describe('splitNotification of the fixtures', () => {
  it('is told here for every one of them', () => {
    const told = [...rows.map(([file]) => file), ...NO_DELIVERY].map((file) => `${file}.json`).sort();
    expect(told).toEqual(listFixtures('webhooks'));
  });

  it.each(rows)('%s: %j', (file, expected) => {
    const items = splitNotification(readFixture('webhooks', `${file}.json`));
    expect(items.map(words)).toEqual(expected);
    expect(items.map(({ idx }) => idx)).toEqual(items.map((_item, place) => place));
    for (const item of items) expect(item.wabaId).toMatch(/^\d+$/);
    for (const item of items) {
      if (item.kind === 'status' || item.kind === 'inbound_message') {
        expect(item.phoneNumberId).toBe('800000000000001');
        expect(item.timestamp).toBeGreaterThan(1_700_000_000);
      }
    }
  });

  it('reads every delivery of the sequence', () => {
    const { deliveries } = JSON.parse(readFixture('webhooks', 'sequence_out_of_order.json')) as {
      deliveries: unknown[];
    };
    expect(deliveries.flatMap(splitNotification).map(words)).toEqual([
      'status delivered',
      'status sent',
      'status read',
      'status delivered',
    ]);
  });
});
