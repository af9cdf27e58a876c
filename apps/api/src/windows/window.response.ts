import { ApiProperty } from '@nestjs/swagger';
import { WINDOW_STATES, type WindowStateName, type WindowView } from '#conversations';

const instant = { format: 'date-time', type: String, nullable: true } as const;

/** A customer service window at an instant, and the facts behind it. */
export class WindowResponse {
  @ApiProperty({ example: '800000000000001' })
  sender!: string;

  @ApiProperty({ description: 'Digits, or a user id', example: '15550100001' })
  contact!: string;

  @ApiProperty({ description: 'The instant that this holds for', format: 'date-time', type: String })
  at!: Date;

  @ApiProperty({
    description: 'open: free-form messages may be sent. closed: only templates. unknown: only Meta can tell',
    enum: WINDOW_STATES,
  })
  state!: WindowStateName;

  @ApiProperty({
    description: 'false while only a reaction, a message that Meta could not pass on, or nothing speaks for it',
  })
  certain!: boolean;

  @ApiProperty({ ...instant, description: 'When it ends if the contact stays silent; null unless it is open' })
  expiresAt!: Date | null;

  @ApiProperty({
    description: 'As a message that is sent now finds it: reactions do not count, and it ends a minute early',
    enum: WINDOW_STATES,
  })
  sendable!: WindowStateName;

  @ApiProperty({ ...instant, description: 'Until when; null unless sendable is open' })
  sendableUntil!: Date | null;

  @ApiProperty({ ...instant, description: 'When the contact last wrote or called' })
  lastHeardAt!: Date | null;

  @ApiProperty({ description: 'Id of that message or call', type: String, nullable: true })
  lastHeardId!: string | null;

  @ApiProperty({ ...instant, description: 'When Meta last refused a message because the window was closed (131047)' })
  closedByMetaAt!: Date | null;

  @ApiProperty({
    ...instant,
    description: 'Since when no message of the contact can have been missed; null: one may have been',
  })
  listeningSince!: Date | null;

  @ApiProperty({
    ...instant,
    description:
      'Until when everything to the contact is free, since a message that came through an ad was answered; null: no free entry point is open. What may be sent is told by state',
  })
  freeEntryPointUntil!: Date | null;

  static from(
    { sender, contact, at }: { sender: string; contact: string; at: Date },
    view: WindowView,
  ): WindowResponse {
    return {
      sender,
      contact,
      at,
      state: view.name,
      certain: view.isCertain,
      expiresAt: view.expiresAt,
      sendable: view.sendable,
      sendableUntil: view.sendableUntil,
      lastHeardAt: view.heardAt,
      lastHeardId: view.heardId,
      closedByMetaAt: view.closedByMetaAt,
      listeningSince: view.listeningSince,
      freeEntryPointUntil: view.freeEntryPointUntil,
    };
  }
}
