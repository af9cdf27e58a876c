import { IsOptional } from 'class-validator';
import { AnyObject, Digits, Inner, InnerEach, NotHere, OneOf, Text } from '../rules.js';
import { CtaUrlAction, namedAction } from './actions.js';
import { anyHeader, WithBody, WithOptionalBody } from './parts.js';

/** `cta_url`: a button that opens an address. */
export class CtaUrlContent extends WithBody {
  @IsOptional()
  @Inner(anyHeader)
  header?: unknown;

  @Inner(() => CtaUrlAction)
  action!: unknown;
}

const SendLocation = namedAction('send_location');

/** `location_request_message`. */
export class LocationRequestContent extends WithBody {
  @NotHere('a location request has no header')
  header?: unknown;

  @Inner(() => SendLocation)
  action!: unknown;
}

class AddressParameters {
  @OneOf('IN')
  country!: unknown;

  @IsOptional()
  @AnyObject()
  values?: unknown;

  @IsOptional()
  @InnerEach(() => null, 0)
  saved_addresses?: unknown;

  @IsOptional()
  @AnyObject()
  validation_errors?: unknown;
}

class AddressAction extends namedAction('address_message') {
  @Inner(() => AddressParameters)
  parameters!: unknown;
}

/** `address_message`, in India only. */
export class AddressContent extends WithBody {
  @IsOptional()
  @Inner(anyHeader)
  header?: unknown;

  @Inner(() => AddressAction)
  action!: unknown;
}

class VoiceCallParameters {
  @IsOptional()
  @Text(20)
  display_text?: unknown;

  @IsOptional()
  @Digits(1)
  ttl_minutes?: unknown;

  @IsOptional()
  @Text(512, 0)
  payload?: unknown;
}

class VoiceCallAction extends namedAction('voice_call') {
  @IsOptional()
  @Inner(() => VoiceCallParameters)
  parameters?: unknown;
}

/** `voice_call`: a button that calls the business. */
export class VoiceCallContent extends WithBody {
  @IsOptional()
  @Inner(anyHeader)
  header?: unknown;

  @Inner(() => VoiceCallAction)
  action!: unknown;
}

const CallPermission = namedAction('call_permission_request');

/** `call_permission_request`. */
export class CallPermissionContent extends WithOptionalBody {
  @IsOptional()
  @Inner(anyHeader)
  header?: unknown;

  @Inner(() => CallPermission)
  action!: unknown;
}

const ContactInfo = namedAction('request_contact_info');

/** `request_contact_info`. */
export class ContactInfoContent extends WithBody {
  @IsOptional()
  @Inner(anyHeader)
  header?: unknown;

  @Inner(() => ContactInfo)
  action!: unknown;
}
