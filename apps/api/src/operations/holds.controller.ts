import { Controller, Delete, Get, HttpCode, Param } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { RequireScope } from '#access';
import { HOLD_SCOPES, HoldDirectory, HoldService } from '#delivery';
import { ApiProblems } from '../http/api-problems.decorator.js';
import { HoldListResponse } from './hold.response.js';
import { HoldNotFoundError } from './holds.errors.js';

/** What holds sending back, for operators. */
@ApiTags('operations')
@Controller('v1/holds')
@RequireScope('operations')
export class HoldsController {
  constructor(
    private readonly directory: HoldDirectory,
    private readonly holds: HoldService,
  ) {}

  /** Every hold that stands, oldest first. */
  @Get()
  @ApiOperation({ summary: 'List holds' })
  @ApiOkResponse({ type: HoldListResponse })
  @ApiProblems()
  async listHolds(): Promise<HoldListResponse> {
    return HoldListResponse.from(await this.directory.list());
  }

  /** Lifts a hold and closes the alert that came with it; what it held is sent by itself. */
  @Delete(':scope/:scopeId')
  @HttpCode(204)
  @ApiOperation({ summary: 'Lift a hold' })
  @ApiParam({ name: 'scope', enum: HOLD_SCOPES })
  @ApiParam({ name: 'scopeId', example: '800000000000001' })
  @ApiNoContentResponse()
  @ApiProblems('hold_not_found')
  async lift(@Param('scope') given: string, @Param('scopeId') scopeId: string): Promise<void> {
    const scope = HOLD_SCOPES.find((known) => known === given);
    if (scope === undefined || !(await this.holds.release({ scope, scopeId }))) throw new HoldNotFoundError();
  }
}
