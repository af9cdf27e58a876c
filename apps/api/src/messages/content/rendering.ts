import { renderMarkdown } from '#graph-api';

const KNOWN = new WeakMap<object, string>();

/** What the Markdown of a `text` becomes. Rendered once for each request: its check and the message that is stored ask for the same. */
export function renderingOf(text: Readonly<Record<string, unknown>>): string {
  const known = KNOWN.get(text);
  if (known !== undefined) return known;
  const rendering = renderMarkdown(String(text.markdown));
  KNOWN.set(text, rendering);
  return rendering;
}
