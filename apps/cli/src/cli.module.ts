import { Module } from '@nestjs/common';
import { CommandRunner, InjectCommander } from 'nest-commander';
import { AlertCloseCommand, AlertCommands, AlertListCommand } from './commands/alert.commands.js';
import { ClientAddCommand, ClientCommands } from './commands/client.commands.js';
import { ConversationCommands, ConversationListCommand } from './commands/conversation.commands.js';
import { HoldCommands, HoldLiftCommand, HoldListCommand } from './commands/hold.commands.js';
import { IntakeCommands, IntakeReplayCommand } from './commands/intake.commands.js';
import { KeyCommands } from './commands/key.commands.js';
import { KeyCreateCommand } from './commands/key-create.command.js';
import { KeyRevokeCommand } from './commands/key-revoke.command.js';
import { MessageCommands, MessageShowCommand } from './commands/message.commands.js';
import { MessageRedriveCommand } from './commands/message-redrive.command.js';
import { PartitionCommands, PartitionDropCommand, PartitionListCommand } from './commands/partition.commands.js';
import { RatesCommands, RatesImportCommand, RatesListCommand } from './commands/rates.commands.js';
import { RatesReconcileCommand } from './commands/rates-reconcile.command.js';
import { ReportsCommands, ReportsReaderCommand } from './commands/reports.commands.js';
import { SenderAddCommand } from './commands/sender-add.command.js';
import { SenderCommands, SenderListCommand } from './commands/sender.commands.js';
import { TemplateCommands, TemplateListCommand, TemplateSyncCommand } from './commands/template.commands.js';
import { HeraldSession } from './herald-session.js';

/** Every command, by the word it begins with. */
@Module({
  providers: [
    HeraldSession,
    ...[ClientCommands, ClientAddCommand],
    ...[KeyCommands, KeyCreateCommand, KeyRevokeCommand],
    ...[SenderCommands, SenderAddCommand, SenderListCommand],
    ...[MessageCommands, MessageShowCommand, MessageRedriveCommand],
    ...[HoldCommands, HoldListCommand, HoldLiftCommand],
    ...[ConversationCommands, ConversationListCommand],
    ...[AlertCloseCommand, AlertCommands, AlertListCommand],
    ...[TemplateCommands, TemplateListCommand, TemplateSyncCommand],
    ...[ReportsCommands, ReportsReaderCommand],
    ...[IntakeCommands, IntakeReplayCommand],
    ...[PartitionCommands, PartitionListCommand, PartitionDropCommand],
    ...[RatesCommands, RatesImportCommand, RatesListCommand, RatesReconcileCommand],
  ],
})
export class CliModule {
  constructor(@InjectCommander() commander: Parameters<CommandRunner['setCommand']>[0]) {
    commander.name('npm run -s herald --').usage('<command> [options]').exitOverride().showHelpAfterError();
  }
}
