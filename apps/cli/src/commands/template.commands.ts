import { Command, SubCommand } from 'nest-commander';
import { SenderDirectory, UnknownSenderError } from '#senders';
import { ALL_TEMPLATES, SyncTemplatesService, TemplateDirectory, TemplatesUnreachableError } from '#templates';
import { HeraldSession } from '../herald-session.js';
import { print, row } from '../output.js';
import { RefusedError } from '../usage-error.js';
import { CommandGroup, OperatorCommand } from './command.js';

/** `template list`: a line a template with id, account, name, language, category, status and quality, separated by tabs. */
@SubCommand({
  name: 'list',
  description: 'Lists templates: id, account, name, language, category, status, quality',
})
export class TemplateListCommand extends OperatorCommand {
  constructor(private readonly herald: HeraldSession) {
    super();
  }

  override async run(): Promise<void> {
    const templates = await this.herald.use(async (rooms) => {
      const wabaIds = (await rooms.get(SenderDirectory).list()).map(({ wabaId }) => wabaId);
      return rooms.get(TemplateDirectory).list({ ...ALL_TEMPLATES, wabaIds });
    });
    for (const { id, wabaId, name, language, category, status, quality } of templates)
      print(row(id, wabaId, name, language, category, status, quality));
  }
}

/** `template sync <phone-number-id>`: reads the templates of a sender's account from Meta. Prints how many there are. */
@SubCommand({
  name: 'sync',
  arguments: '<phone-number-id>',
  description: 'Reads the templates of a sender’s account from Meta. Prints how many there are',
})
export class TemplateSyncCommand extends OperatorCommand {
  constructor(private readonly herald: HeraldSession) {
    super();
  }

  override async run([phoneNumberId = '']: string[]): Promise<void> {
    const count = await this.herald.use(async (rooms) => {
      const sender = await rooms.get(SenderDirectory).find(phoneNumberId);
      if (sender === null) throw new RefusedError(new UnknownSenderError().message);
      return rooms.get(SyncTemplatesService).syncAll(sender.wabaId);
    });
    if (count === null) throw new RefusedError(new TemplatesUnreachableError().message);
    print(row(count));
  }
}

@Command({
  name: 'template',
  description: 'Templates: what Meta has approved',
  subCommands: [TemplateListCommand, TemplateSyncCommand],
})
export class TemplateCommands extends CommandGroup {}
