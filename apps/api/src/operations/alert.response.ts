import { ApiProperty } from '@nestjs/swagger';
import type { AlertView } from '#delivery';

/** Something an operator should see to. */
export class AlertResponse implements AlertView {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ example: 'sending_paused' })
  kind!: string;

  @ApiProperty({ example: 'access_token' })
  scope!: string;

  @ApiProperty()
  scopeId!: string;

  @ApiProperty({ description: 'How often it was seen since it was opened' })
  count!: number;

  @ApiProperty({ type: String, format: 'date-time' })
  openedAt!: Date;

  @ApiProperty({ type: String, format: 'date-time' })
  lastSeenAt!: Date;

  @ApiProperty({ description: 'Null while it is open', type: String, format: 'date-time', nullable: true })
  closedAt!: Date | null;

  @ApiProperty({ description: 'What to do about it' })
  advice!: string;

  static from({ id, kind, scope, scopeId, count, openedAt, lastSeenAt, closedAt, advice }: AlertView): AlertResponse {
    const alert = { id, kind, scope, scopeId, count, openedAt, lastSeenAt, closedAt, advice };
    return Object.assign(new AlertResponse(), alert);
  }
}

/** Open alerts, oldest first; or the newest of all. */
export class AlertListResponse {
  @ApiProperty({ type: [AlertResponse] })
  data!: AlertResponse[];

  static from(alerts: AlertView[]): AlertListResponse {
    return Object.assign(new AlertListResponse(), { data: alerts.map((alert) => AlertResponse.from(alert)) });
  }
}
