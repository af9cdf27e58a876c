import type { MetaApi, MetaMessage } from '#graph-api';
import type { CheckTemplateService, KnownCategory } from '#templates';

/** What of a request names templates. */
interface TemplateRequest {
  phoneNumberId: string;
  api?: MetaApi;
  message: MetaMessage;
  windowFallback?: object | null;
}

/** The same request, with the categories of its template and its fallback as Meta has them. @throws TemplateRefusedError of it, or of its fallback */
export async function withTemplates<Request extends TemplateRequest>(
  templates: Pick<CheckTemplateService, 'check'>,
  request: Request,
): Promise<Request & { syncedCategory?: KnownCategory; fallbackCategory?: KnownCategory }> {
  const { phoneNumberId, api = 'messages', message, windowFallback } = request;
  const category = await templates.check({ phoneNumberId, api, message, field: 'message' });
  const fallback = windowFallback == null ? null : (windowFallback as MetaMessage);
  const fallbackCategory =
    fallback && (await templates.check({ phoneNumberId, api: 'messages', message: fallback, field: 'windowFallback' }));
  return {
    ...request,
    ...(category === null ? {} : { syncedCategory: category }),
    ...(fallbackCategory === null ? {} : { fallbackCategory }),
  };
}
