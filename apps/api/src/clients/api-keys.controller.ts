import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import {
  ApiBody,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import {
  ClientDirectory,
  CreateApiKeyService,
  CurrentPrincipal,
  type Principal,
  RequireScope,
  RevokeApiKeyService,
} from '#access';
import { ApiProblems } from '../http/api-problems.decorator.js';
import { ApiKeyListResponse, CreatedApiKeyResponse } from './api-key.response.js';
import { CreateApiKeyDto } from './create-api-key.dto.js';

/** The keys of a client. */
@ApiTags('clients')
@Controller('v1/clients/:clientId/keys')
@RequireScope('clients')
@ApiParam({ name: 'clientId', format: 'uuid' })
export class ApiKeysController {
  constructor(
    private readonly createKey: CreateApiKeyService,
    private readonly revokeKey: RevokeApiKeyService,
    private readonly directory: ClientDirectory,
  ) {}

  /** Makes a key and shows it, this once. It cannot have scopes or senders that the caller's key does not have. */
  @Post()
  @ApiOperation({ summary: 'Make a key' })
  @ApiBody({
    type: CreateApiKeyDto,
    examples: {
      sending: {
        summary: 'For a system that sends',
        value: { scopes: ['messages:write', 'messages:read'], senders: 'all' },
      },
      oneSender: {
        summary: 'For one sender only',
        value: { scopes: ['messages:write'], senders: ['800000000000001'] },
      },
    },
  })
  @ApiCreatedResponse({ type: CreatedApiKeyResponse })
  @ApiProblems('validation_failed', 'client_not_found', 'client_disabled', 'grant_too_wide')
  async createApiKey(
    @Param('clientId') clientId: string,
    @Body() body: CreateApiKeyDto,
    @CurrentPrincipal() grantedBy: Principal,
  ): Promise<CreatedApiKeyResponse> {
    return CreatedApiKeyResponse.fromCreated(await this.createKey.create({ ...body.toInput(), clientId, grantedBy }));
  }

  /** Every key of the client, revoked ones too. */
  @Get()
  @ApiOperation({ summary: 'List keys' })
  @ApiOkResponse({ type: ApiKeyListResponse })
  @ApiProblems('client_not_found')
  async listApiKeys(@Param('clientId') clientId: string): Promise<ApiKeyListResponse> {
    return ApiKeyListResponse.from(await this.directory.keys(clientId));
  }

  /** Revokes a key: it stops working within seconds. */
  @Delete(':keyId')
  @HttpCode(204)
  @ApiOperation({ summary: 'Revoke a key' })
  @ApiParam({ name: 'keyId', format: 'uuid' })
  @ApiNoContentResponse()
  @ApiProblems('api_key_not_found')
  async revokeApiKey(@Param('clientId') clientId: string, @Param('keyId') keyId: string): Promise<void> {
    await this.revokeKey.revoke(clientId, keyId);
  }
}
