import { CommandRunner } from 'nest-commander';

type Commander = Parameters<CommandRunner['setCommand']>[0];

/** A command that does something. Whatever is wrong with its options is thrown, so that main.ts decides the exit code. */
export abstract class OperatorCommand extends CommandRunner {
  override setCommand(command: Commander): this {
    command.exitOverride().allowExcessArguments(false);
    return super.setCommand(command);
  }
}

/** A word that only groups commands: by itself, or with a command it does not have, it shows its usage and ends with 2. */
export abstract class CommandGroup extends CommandRunner {
  override setCommand(command: Commander): this {
    command.exitOverride();
    return super.setCommand(command);
  }

  override run([unknown]: string[]): Promise<void> {
    const { command } = this;
    if (unknown === undefined) return command.help({ error: true });
    command.showHelpAfterError();
    return command.error(`error: unknown command '${unknown}'`, { code: 'commander.unknownCommand' });
  }
}
