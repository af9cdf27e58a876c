import { IsOptional } from 'class-validator';
import { Inner, OneOf, rule, Text } from '../rules.js';
import { Components } from './components.js';

class Language {
  @Text()
  code!: unknown;

  @IsOptional()
  @OneOf('deterministic')
  policy?: unknown;
}

/** `template`: what fills an approved template. Whether it fits the definition is another question. */
export class TemplateContent {
  @rule('templateName', (value) => typeof value === 'string' && /^[a-z0-9_]{1,512}$/.test(value), {
    sentence: 'must be 1 to 512 of a to z, 0 to 9 and _',
  })
  name!: unknown;

  @Inner(() => Language)
  language!: unknown;

  @IsOptional()
  @Components()
  components?: unknown;
}
