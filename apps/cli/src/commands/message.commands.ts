import type { INestApplicationContext } from '@nestjs/common';
import { Command, SubCommand } from 'nest-commander';
import { type Client, ClientDirectory } from '#access';
import { FindMessageService, MessageNotFoundError, type MessageView, ReadTimelineService } from '#messages';
import { HeraldSession } from '../herald-session.js';
import { print } from '../output.js';
import { CommandGroup, OperatorCommand } from './command.js';
import { MessageRedriveCommand } from './message-redrive.command.js';
import { describeMessage } from './describe-message.js';
import { uuidValue } from './option-values.js';

/** `message show`: whoever's message it is. */
@SubCommand({ name: 'show', arguments: '<id>', description: 'Shows a message, its attempts and its timeline' })
export class MessageShowCommand extends OperatorCommand {
  constructor(private readonly herald: HeraldSession) {
    super();
  }

  override async run([given = '']: string[]): Promise<void> {
    const id = uuidValue('the message id')(given);
    await this.herald.use(async (rooms) => {
      const { client, message } = await findMessageOfAnyone(rooms, id);
      const { entries } = await rooms.get(ReadTimelineService).read({ clientId: client.id, senders: 'all' }, id);
      print(...describeMessage(client.name, message, entries));
    });
  }
}

/** Messages are read as their client sees them; an operator asks for every client in turn. */
async function findMessageOfAnyone(
  rooms: INestApplicationContext,
  id: string,
): Promise<{ client: Client; message: MessageView }> {
  for (const client of await rooms.get(ClientDirectory).list()) {
    try {
      const message = await rooms.get(FindMessageService).find({ clientId: client.id, senders: 'all' }, id);
      return { client, message };
    } catch (error) {
      if (!(error instanceof MessageNotFoundError)) throw error;
    }
  }
  throw new MessageNotFoundError();
}

@Command({ name: 'message', description: 'Messages', subCommands: [MessageShowCommand, MessageRedriveCommand] })
export class MessageCommands extends CommandGroup {}
