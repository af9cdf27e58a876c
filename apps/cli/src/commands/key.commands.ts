import { Command } from 'nest-commander';
import { CommandGroup } from './command.js';
import { KeyCreateCommand } from './key-create.command.js';
import { KeyRevokeCommand } from './key-revoke.command.js';

@Command({ name: 'key', description: 'API keys', subCommands: [KeyCreateCommand, KeyRevokeCommand] })
export class KeyCommands extends CommandGroup {}
