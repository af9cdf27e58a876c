import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';
import { IsLine } from '../http/rules.js';
import { EditedDefinition, IsDefinition, NewDefinition } from './definition/definition.content.js';

const FROM = { description: 'Phone number id of a sender of the account', example: '800000000000001' };
const WORD = /^[A-Z_]{1,64}$/;

/** Query of `GET /v1/templates`. */
export class TemplateQueryDto {
  @ApiPropertyOptional(FROM)
  @IsOptional()
  @IsLine(1, 64)
  from?: string;

  @ApiPropertyOptional({ example: 'order_shipped' })
  @IsOptional()
  @IsLine(1, 512)
  name?: string;

  @ApiPropertyOptional({ example: 'en_US' })
  @IsOptional()
  @IsLine(1, 32)
  language?: string;

  @ApiPropertyOptional({ description: 'DELETED ones are listed only so', example: 'APPROVED' })
  @IsOptional()
  @Matches(WORD, { message: '$property must be a word of Meta’s, like APPROVED' })
  status?: string;

  @ApiPropertyOptional({ example: 'UTILITY' })
  @IsOptional()
  @Matches(WORD, { message: '$property must be a word of Meta’s, like UTILITY' })
  category?: string;
}

/** Body of `POST /v1/templates/sync`. */
export class SyncTemplatesDto {
  @ApiProperty(FROM)
  @IsLine(1, 64)
  from!: string;
}

/** Body of `POST /v1/templates`. */
export class CreateTemplateDto {
  @ApiProperty(FROM)
  @IsLine(1, 64)
  from!: string;

  @ApiProperty({
    description: 'In the shape of Meta’s message_templates: name, language, category, components …',
    type: 'object',
    additionalProperties: true,
  })
  @IsDefinition(NewDefinition)
  template!: object;
}

/** Body of `PATCH /v1/templates/{id}`. */
export class EditTemplateDto {
  @ApiProperty({
    description: 'In Meta’s shape: category, components or message_send_ttl_seconds; components replace all of them',
    type: 'object',
    additionalProperties: true,
  })
  @IsDefinition(EditedDefinition)
  template!: object;
}
