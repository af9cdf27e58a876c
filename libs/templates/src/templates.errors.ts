/** What is wrong with one field of a request. */
export interface TemplateFieldProblem {
  field: string;
  code: string;
  message: string;
}

/** A send that Meta would refuse for its template; `code` says which of Meta's refusals it would be. */
export class TemplateRefusedError extends Error {
  constructor(
    readonly code:
      | 'template_not_found'
      | 'template_not_approved'
      | 'template_paused'
      | 'template_disabled'
      | 'template_not_marketing'
      | 'template_parameter_count'
      | 'template_parameter_format',
    readonly errors: readonly TemplateFieldProblem[],
  ) {
    super(errors[0]?.message ?? code);
  }
}

/** There is no such template, or not for this key. */
export class TemplateNotFoundError extends Error {
  readonly code = 'unknown_template';
  constructor() {
    super('There is no template of this id');
  }
}

/** Meta refused what was asked of a template. */
export class TemplateChangeRefusedError extends Error {
  readonly code = 'template_refused';
  constructor(code: number, details: string) {
    super(`Meta refused it (${code}): ${details}`);
  }
}

/** Meta could not be asked. */
export class TemplatesUnreachableError extends Error {
  readonly code = 'graph_unavailable';
  constructor() {
    super('Meta cannot be reached just now; nothing was changed here, and what Meta did with it is not known');
  }
}
