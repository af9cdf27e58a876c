import { Body, Controller, Get, Post } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ClientDirectory, CreateClientService, RequireScope } from '#access';
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
}
