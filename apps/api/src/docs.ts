import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

/** Serves the description of the API: `/docs` for people, `/docs-json` for programs. Open: it says nothing of anybody. */
export function addDocs(app: NestFastifyApplication): void {
  let document: OpenAPIObject | undefined;
  SwaggerModule.setup('docs', app, () => (document ??= describeApi(app)), {
    jsonDocumentUrl: 'docs-json',
    raw: ['json'],
    customSiteTitle: 'Herald API',
  });
}

/** The OpenAPI document of all routes of the app. */
function describeApi(app: NestFastifyApplication): OpenAPIObject {
  const about = new DocumentBuilder()
    .setTitle('Herald')
    .setDescription(
      'Takes messages for the WhatsApp Business Platform, delivers them durably and tells what became of each. ' +
        'Errors are RFC 9457 problems with a stable `code`; instants are RFC 3339 in UTC.',
    )
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API key: hk_…' })
    .addSecurityRequirements('bearer')
    .build();
  return SwaggerModule.createDocument(app, about);
}
