import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { ClientDirectory, CreateClientService, DisableClientService, EnableClientService, RequireScope } from '#access';
import { ApiProblems } from '../http/api-problems.decorator.js';
import { ClientListResponse, ClientResponse } from './client.response.js';
import { CreateClientDto } from './create-client.dto.js';

/** The internal systems that call Herald. */
@ApiTags('clients')
@Controller('v1/clients')
@RequireScope('clients')
export class ClientsController {
  constructor(
    private readonly createClient: CreateClientService,
    private readonly directory: ClientDirectory,
    private readonly disableClient: DisableClientService,
    private readonly enableClient: EnableClientService,
  ) {}

  /** Makes a client. It can do nothing until it has a key. */
  @Post()
  @ApiOperation({ summary: 'Make a client' })
  @ApiBody({ type: CreateClientDto, examples: { shop: { value: { name: 'shop' } } } })
  @ApiCreatedResponse({ type: ClientResponse })
  @ApiProblems('validation_failed', 'client_name_taken')
  async create(@Body() body: CreateClientDto): Promise<ClientResponse> {
    return ClientResponse.from(await this.createClient.create(body.name));
  }

  /** Every client, oldest first. */
  @Get()
  @ApiOperation({ summary: 'List clients' })
  @ApiOkResponse({ type: ClientListResponse })
  @ApiProblems()
  async listClients(): Promise<ClientListResponse> {
    return ClientListResponse.from(await this.directory.list());
  }

  /** Shuts a client out: its keys stop working within seconds. Its messages stay, and those that wait are still sent. */
  @Post(':clientId/disable')
  @HttpCode(200)
  @ApiOperation({ summary: 'Shut a client out' })
  @ApiParam({ name: 'clientId', format: 'uuid' })
  @ApiOkResponse({ type: ClientResponse })
  @ApiProblems('client_not_found')
  async disable(@Param('clientId') clientId: string): Promise<ClientResponse> {
    return ClientResponse.from(await this.disableClient.disable(clientId));
  }

  /** Lets a client in again: its keys work again within seconds, but for those that were revoked. */
  @Post(':clientId/enable')
  @HttpCode(200)
  @ApiOperation({ summary: 'Let a client in again' })
  @ApiParam({ name: 'clientId', format: 'uuid' })
  @ApiOkResponse({ type: ClientResponse })
  @ApiProblems('client_not_found')
  async enable(@Param('clientId') clientId: string): Promise<ClientResponse> {
    return ClientResponse.from(await this.enableClient.enable(clientId));
  }
}
