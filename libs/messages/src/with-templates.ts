import type { MetaApi, MetaMessage } from '#graph-api';
import type { CheckTemplateService, KnownCategory } from '#templates';

/** What of a request names templates. */
interface TemplateRequest {
  phoneNumberId: string;
  api?: MetaApi;
  message: MetaMessage;
  windowFallback?: object | null;
}

/** The same request, with the category of its template as Meta has it. @throws TemplateRefusedError of it, or of its fallback */
export async function withTemplates<Request extends TemplateRequest>(
  templates: Pick<CheckTemplateService, 'check'>,
  request: Request,
): Promise<Request & { syncedCategory?: KnownCategory }> {
  const { phoneNumberId, api = 'messages', message, windowFallback } = request;
  const category = await templates.check({ phoneNumberId, api, message, field: 'message' });
  if (windowFallback != null) {
    const fallback = windowFallback as MetaMessage;
    await templates.check({ phoneNumberId, api: 'messages', message: fallback, field: 'windowFallback' });
  }
  return category === null ? request : { ...request, syncedCategory: category };
}
