import { randomBytes } from 'node:crypto';
import type { AcceptedMessage } from './domain/accepted-message.js';
import type { Behaviour } from './domain/behaviour.js';
import { chargeFor, eraAt } from './domain/charge.js';
import type { Category } from './domain/charge.js';
import { contactKey } from './domain/identity.js';
import type { Recipient } from './domain/identity.js';
import type { SendRequest } from './domain/send-request.js';
import { newWamid } from './domain/wamid.js';
import { senderNumberOf } from './phone-numbers.js';
import type { IncomingSend } from './send-refusals.js';
import type { Simulator } from './simulator.js';

/** Takes a message: gives it a wamid and settles what it costs and whether its window is open. */
export function acceptMessage(
  simulator: Simulator,
  send: IncomingSend,
  request: SendRequest,
  behaviour: Behaviour,
  now: number,
): AcceptedMessage {
  const { settings, windows } = simulator;
  const contact = contactKey(request.recipient);
  const isGroup = request.recipient.kind === 'group';
  const isWindowOpen = windows.isOpen(send.phoneNumberId, contact, now);
  return {
    wamid: newWamid(contact, 'outgoing'),
    sender: senderNumberOf(send.phoneNumberId, settings),
    recipient: behaviour.waIdDiffers ? withOtherWaId(request.recipient) : request.recipient,
    type: request.type,
    isVoice: request.isVoice,
    callbackData: request.callbackData,
    acceptedAt: now + behaviour.answerDelayMs,
    behaviour,
    charge: chargeFor({
      category: categoryOf(simulator, send, request),
      isGroup,
      isWindowOpen,
      entryPoint: windows.entryPointOf(send.phoneNumberId, contact, now, () => randomBytes(16).toString('hex')),
      era: eraAt(now, settings.pricingEra),
    }),
    isOutsideWindow: settings.enforceWindow && request.template === null && !isGroup && !isWindowOpen,
  };
}

function categoryOf({ templates }: Simulator, { api }: IncomingSend, { template }: SendRequest): Category {
  if (template === null) return 'service';
  if (api === 'marketing_messages') return 'marketing_lite';
  const category = templates.find(template.name, template.language)?.category.toLowerCase();
  return category === 'marketing' || category === 'authentication' ? category : 'utility';
}

/** As for Mexican and Brazilian numbers: WhatsApp knows the customer under another digit. */
function withOtherWaId(recipient: Recipient): Recipient {
  return recipient.kind === 'phone' ? { ...recipient, waId: `1${recipient.waId}` } : recipient;
}
