import { ApiProperty } from '@nestjs/swagger';
import { type ApiKey, type Scope, SCOPES } from '#access';

/** A key as the API shows it: never the key itself. */
export class ApiKeyResponse {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ description: 'The first characters of the key', example: 'hk_Zk3vQ0' })
  prefix!: string;

  @ApiProperty({ enum: SCOPES, isArray: true })
  scopes!: readonly Scope[];

  @ApiProperty({
    oneOf: [
      { type: 'string', enum: ['all'] },
      { type: 'array', items: { type: 'string' } },
    ],
  })
  senders!: 'all' | readonly string[];

  @ApiProperty({ type: String, format: 'date-time' })
  createdAt!: Date;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  revokedAt!: Date | null;

  static from({ id, prefix, scopes, senders, createdAt, revokedAt }: ApiKey): ApiKeyResponse {
    return Object.assign(new ApiKeyResponse(), { id, prefix, scopes, senders, createdAt, revokedAt });
  }
}

/** A key that was just made: the only answer that has the key. */
export class CreatedApiKeyResponse extends ApiKeyResponse {
  @ApiProperty({ description: 'Shown now and never again', example: 'hk_…' })
  key!: string;

  static fromCreated(created: ApiKey & { key: string }): CreatedApiKeyResponse {
    return Object.assign(new CreatedApiKeyResponse(), ApiKeyResponse.from(created), { key: created.key });
  }
}

/** Every key of a client, oldest first. */
export class ApiKeyListResponse {
  @ApiProperty({ type: [ApiKeyResponse] })
  data!: ApiKeyResponse[];

  static from(keys: ApiKey[]): ApiKeyListResponse {
    return Object.assign(new ApiKeyListResponse(), { data: keys.map((key) => ApiKeyResponse.from(key)) });
  }
}
