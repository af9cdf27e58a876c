import { Controller, Delete, Get, HttpCode, Param, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { RequireScope } from '#access';
import { AlertDirectory, CloseAlertService } from '#delivery';
import { ApiProblems } from '../http/api-problems.decorator.js';
import { AlertQueryDto } from './alert-query.dto.js';
import { AlertListResponse } from './alert.response.js';
import { AlertHasCauseError, AlertNotFoundError } from './alerts.errors.js';

const HISTORY = 500;

/** What an operator should see to. */
@ApiTags('operations')
@Controller('v1/alerts')
@RequireScope('operations')
export class AlertsController {
  constructor(
    private readonly directory: AlertDirectory,
    private readonly alerts: CloseAlertService,
  ) {}

  /** Open alerts, oldest first; with `state=all` the newest, also closed ones. */
  @Get()
  @ApiOperation({ summary: 'List alerts' })
  @ApiOkResponse({ type: AlertListResponse })
  @ApiProblems('validation_failed')
  async listAlerts(@Query() { state }: AlertQueryDto): Promise<AlertListResponse> {
    return AlertListResponse.from(await (state === 'all' ? this.directory.history(HISTORY) : this.directory.list()));
  }

  /** Closes an alert that tells of something that happened; one more sighting opens it anew. */
  @Delete(':kind/:scope/:scopeId')
  @HttpCode(204)
  @ApiOperation({ summary: 'Close an alert' })
  @ApiParam({ name: 'kind', example: 'pricing_unknown' })
  @ApiParam({ name: 'scope', example: 'waba' })
  @ApiParam({ name: 'scopeId', example: '900000000000001' })
  @ApiNoContentResponse()
  @ApiProblems('alert_not_found', 'alert_has_cause')
  async close(
    @Param('kind') kind: string,
    @Param('scope') scope: string,
    @Param('scopeId') scopeId: string,
  ): Promise<void> {
    const result = await this.alerts.close({ kind, scope, scopeId });
    if (result === 'not_open') throw new AlertNotFoundError();
    if (result === 'has_cause') throw new AlertHasCauseError();
  }
}
