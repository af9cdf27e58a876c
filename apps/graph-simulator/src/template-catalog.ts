import { readFileSync } from 'node:fs';

/** A template as `GET /{waba-id}/message_templates` shows it. */
export interface Template {
  name: string;
  parameter_format: string;
  components: object[];
  language: string;
  status: string;
  category: string;
  id: string;
  message_send_ttl_seconds?: number;
}

const SHIPPED = new URL('./templates.json', import.meta.url);

/** The templates of the business account: those in templates.json, and what the control API adds or changes. */
export class TemplateCatalog {
  private templates = new Map<string, Template>();

  constructor() {
    this.clear();
  }

  /** All templates in the order they were added. */
  all(): Template[] {
    return [...this.templates.values()];
  }

  find(name: string, language: string): Template | undefined {
    return this.templates.get(`${name} ${language}`);
  }

  /** Adds a template, or changes the given properties of the one with this name and language. */
  put(changes: Partial<Template> & Pick<Template, 'name' | 'language'>): Template {
    const known = this.find(changes.name, changes.language) ?? this.blank();
    const template = { ...known, ...changes };
    this.templates.set(`${template.name} ${template.language}`, template);
    return template;
  }

  /** The template of an id of Meta's. */
  byId(id: string): Template | undefined {
    return this.all().find((template) => template.id === id);
  }

  /** Takes a template away. */
  remove({ name, language }: Pick<Template, 'name' | 'language'>): void {
    this.templates.delete(`${name} ${language}`);
  }

  /** Back to what is shipped. */
  clear(): void {
    const shipped = JSON.parse(readFileSync(SHIPPED, 'utf8')) as Template[];
    this.templates = new Map(shipped.map((template) => [`${template.name} ${template.language}`, template]));
  }

  private blank(): Omit<Template, 'name' | 'language'> {
    const id = String(400000000001000 + this.templates.size);
    return { parameter_format: 'POSITIONAL', components: [], status: 'APPROVED', category: 'UTILITY', id };
  }
}
