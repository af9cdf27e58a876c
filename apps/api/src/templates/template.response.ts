import { ApiProperty } from '@nestjs/swagger';
import type { StoredTemplate } from '#templates';

/** A template as the API shows it. Words are Meta's, in capitals. */
export class TemplateResponse {
  @ApiProperty({ description: 'Meta’s id' })
  id!: string;

  @ApiProperty()
  wabaId!: string;

  @ApiProperty({ example: 'order_shipped' })
  name!: string;

  @ApiProperty({ example: 'en_US' })
  language!: string;

  @ApiProperty({ example: 'UTILITY' })
  category!: string;

  @ApiProperty({ description: 'Only APPROVED may be sent', example: 'APPROVED' })
  status!: string;

  @ApiProperty({ description: 'GREEN, YELLOW, RED or UNKNOWN', type: String, nullable: true })
  quality!: string | null;

  @ApiProperty({ type: String, nullable: true })
  rejectedReason!: string | null;

  @ApiProperty({ enum: ['POSITIONAL', 'NAMED'] })
  parameterFormat!: string;

  @ApiProperty({
    description: 'In Meta’s shape; null while they changed and were not read since',
    type: 'array',
    items: { type: 'object' },
    nullable: true,
  })
  components!: object[] | null;

  @ApiProperty({ description: 'How long Meta tries to deliver it, seconds', type: Number, nullable: true })
  ttlSeconds!: number | null;

  @ApiProperty({ description: 'When it was read from Meta', type: String, format: 'date-time', nullable: true })
  syncedAt!: Date | null;

  static from(template: StoredTemplate): TemplateResponse {
    return Object.assign(new TemplateResponse(), template);
  }
}

/** Templates, by account, name and language. */
export class TemplateListResponse {
  @ApiProperty({ type: [TemplateResponse] })
  data!: TemplateResponse[];

  static from(templates: StoredTemplate[]): TemplateListResponse {
    return Object.assign(new TemplateListResponse(), { data: templates.map((one) => TemplateResponse.from(one)) });
  }
}

/** What a sync read. */
export class TemplateSyncResponse {
  @ApiProperty({ description: 'Templates that the account has, every language by itself' })
  count!: number;
}
