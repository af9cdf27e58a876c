import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { validate as isUuid } from 'uuid';
import { RequireScope } from '#access';
import { ImportRateCardService, RateCardDirectory, RateCardNotFoundError } from '#pricing';
import { ApiProblems } from '../http/api-problems.decorator.js';
import { ImportRateCardDto } from './import-rate-card.dto.js';
import { ImportedRateCardResponse, RateCardListResponse, RateListResponse } from './rate-card.response.js';

const EXAMPLES = {
  card: {
    summary: 'List rates',
    value: {
      currency: 'EUR',
      validFrom: '2026-01-01',
      source: 'Meta, rate card of 2026-01-01',
      csv: 'Market,Currency,Marketing,Utility,Authentication\nBrazil,EUR,0.0590,0.0064,0.0064\n',
    },
  },
};

/** What Meta charges, as dated data. */
@ApiTags('pricing')
@Controller('v1/rate-cards')
export class RateCardsController {
  constructor(
    private readonly importRateCard: ImportRateCardService,
    private readonly directory: RateCardDirectory,
  ) {}

  /** Brings in a card, all of it or nothing, and prices the charges that waited for it. */
  @Post()
  @RequireScope('operations')
  @ApiOperation({ summary: 'Import a rate card' })
  @ApiBody({ type: ImportRateCardDto, examples: EXAMPLES })
  @ApiCreatedResponse({ type: ImportedRateCardResponse })
  @ApiProblems('validation_failed', 'rate_card_invalid', 'rate_card_field_invalid', 'rate_card_overlap')
  async import(@Body() body: ImportRateCardDto): Promise<ImportedRateCardResponse> {
    return ImportedRateCardResponse.from(await this.importRateCard.import(body.toInput()));
  }

  /** All cards, by currency, the newest first. */
  @Get()
  @RequireScope('reports:read')
  @ApiOperation({ summary: 'List rate cards' })
  @ApiOkResponse({ type: RateCardListResponse })
  @ApiProblems()
  async listRateCards(): Promise<RateCardListResponse> {
    return RateCardListResponse.from(await this.directory.list());
  }

  /** The rates of a card, by market, category and tier. */
  @Get(':id/rates')
  @RequireScope('reports:read')
  @ApiOperation({ summary: 'Look at the rates of a card' })
  @ApiOkResponse({ type: RateListResponse })
  @ApiProblems('rate_card_not_found')
  async listRates(@Param('id') id: string): Promise<RateListResponse> {
    if (!isUuid(id)) throw new RateCardNotFoundError(id);
    return RateListResponse.from(await this.directory.rates(id));
  }
}
