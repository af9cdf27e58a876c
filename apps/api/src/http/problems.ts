/** What each stable `code` of the API means: HTTP status, title, and after how many seconds to ask again where that helps. */
export interface ProblemRule {
  status: number;
  title: string;
  retryAfterSeconds?: number;
}

const rule = (status: number, title: string, retryAfterSeconds?: number): ProblemRule => ({
  status,
  title,
  retryAfterSeconds,
});

/** Every code that `/v1` answers with. A code keeps its meaning for good. */
export const PROBLEMS: Readonly<Record<string, ProblemRule>> = {
  // The request itself
  malformed_json: rule(400, 'The body is not valid JSON in UTF-8'),
  body_too_deep: rule(400, 'The body is nested too deep'),
  forbidden_key: rule(400, 'The body has a member of a forbidden name'),
  bad_request: rule(400, 'The request cannot be understood'),
  body_too_large: rule(413, 'The body is too large'),
  unsupported_media_type: rule(415, 'Bodies must be application/json'),
  method_not_allowed: rule(405, 'There is no such method here'),
  not_found: rule(404, 'There is nothing here'),
  request_timeout: rule(408, 'The request took too long to arrive'),
  // Who asks
  unauthenticated: rule(401, 'An API key is needed'),
  invalid_api_key: rule(401, 'The API key is not valid'),
  key_in_query: rule(401, 'Keys do not travel in addresses'),
  scope_missing: rule(403, 'The key does not have the scope'),
  sender_not_allowed: rule(403, 'The key may not use this sender'),
  route_not_declared: rule(403, 'The route answers nobody'),
  grant_too_wide: rule(403, 'The key would give more than it has'),
  forbidden: rule(403, 'This is not allowed'),
  // What is asked
  validation_failed: rule(422, 'The request has fields that cannot be'),
  body_not_object: rule(422, 'The body must be a JSON object'),
  invalid_text: rule(422, 'A text cannot be stored'),
  number_out_of_range: rule(422, 'A number cannot be kept exactly'),
  invalid_idempotency_key: rule(422, 'The Idempotency-Key cannot be'),
  invalid_schedule: rule(422, 'The schedule cannot be'),
  invalid_cursor: rule(422, 'The cursor is none of ours'),
  unstorable_value: rule(422, 'A value cannot be stored'),
  unknown_sender: rule(422, 'The sender is not known'),
  rate_card_invalid: rule(422, 'The rate card has lines that cannot be'),
  rate_card_field_invalid: rule(422, 'The rate card cannot be'),
  rate_card_overlap: rule(422, 'Another rate card has these days'),
  report_range_invalid: rule(422, 'The report cannot have this range'),
  media_type_refused: rule(422, 'Meta takes no files of this type'),
  media_empty: rule(422, 'The file is empty'),
  media_too_large: rule(422, 'The file is too large'),
  media_refused: rule(422, 'Meta refused the file'),
  template_not_found: rule(422, 'There is no such template'),
  template_not_approved: rule(422, 'The template is not approved'),
  template_paused: rule(422, 'The template is paused'),
  template_disabled: rule(422, 'The template is disabled'),
  template_not_marketing: rule(422, 'The template is no marketing template'),
  template_parameter_count: rule(422, 'Parameters of the template are missing or too many'),
  template_parameter_format: rule(422, 'Parameters of the template are of another kind'),
  template_refused: rule(422, 'Meta refused it'),
  recipient_opted_out: rule(422, 'The recipient wants no marketing'),
  idempotency_key_reused: rule(422, 'The Idempotency-Key named another request'),
  idempotency_in_progress: rule(409, 'The same request is in progress', 1),
  client_reference_used: rule(409, 'The clientReference is used'),
  message_not_cancellable: rule(409, 'The message cannot be cancelled'),
  message_not_redrivable: rule(409, 'The message cannot be redriven'),
  client_name_taken: rule(409, 'The name is taken'),
  client_disabled: rule(409, 'The client is disabled'),
  // What is not there, or not for this key
  sender_needed: rule(422, 'The sender must be named'),
  media_not_found: rule(404, 'There is no such file'),
  media_not_ready: rule(409, 'The file is still to be fetched', 5),
  media_expired: rule(410, 'The file is not kept any more'),
  media_bytes_missing: rule(410, 'The bytes of the file are not there'),
  contact_not_found: rule(404, 'There is no such contact'),
  inbound_message_not_found: rule(404, 'There is no such message of a contact'),
  unknown_template: rule(404, 'There is no such template'),
  message_not_found: rule(404, 'There is no such message'),
  client_not_found: rule(404, 'There is no such client'),
  api_key_not_found: rule(404, 'There is no such key'),
  rate_card_not_found: rule(404, 'There is no such rate card'),
  hold_not_found: rule(404, 'Nothing is held there'),
  alert_not_found: rule(404, 'There is no such alert'),
  alert_has_cause: rule(409, 'What the alert tells of goes on'),
  sender_not_found: rule(404, 'There is no such sender'),
  // Us
  database_unavailable: rule(503, 'The database does not answer', 5),
  graph_unavailable: rule(503, 'Meta does not answer', 5),
  database_busy: rule(503, 'The database is busy', 1),
  stopping: rule(503, 'This process is stopping', 1),
  internal_error: rule(500, 'Something went wrong on our side'),
};
