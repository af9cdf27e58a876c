import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RequireScope } from '#access';
import { AlertDirectory } from '#delivery';
import { ApiProblems } from '../http/api-problems.decorator.js';
import { AlertQueryDto } from './alert-query.dto.js';
import { AlertListResponse } from './alert.response.js';

const HISTORY = 500;

/** What an operator should see to. */
@ApiTags('operations')
@Controller('v1/alerts')
@RequireScope('operations')
export class AlertsController {
  constructor(private readonly directory: AlertDirectory) {}

  /** Open alerts, oldest first; with `state=all` the newest, also closed ones. */
  @Get()
  @ApiOperation({ summary: 'List alerts' })
  @ApiOkResponse({ type: AlertListResponse })
  @ApiProblems('validation_failed')
  async listAlerts(@Query() { state }: AlertQueryDto): Promise<AlertListResponse> {
    return AlertListResponse.from(await (state === 'all' ? this.directory.history(HISTORY) : this.directory.list()));
  }
}
