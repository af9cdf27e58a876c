/** Bodies of `POST /v1/messages` for the API's description; a test sends each of them. */
export const SEND_MESSAGE_EXAMPLES = {
  text: {
    summary: 'A text inside the customer service window',
    value: {
      from: '800000000000001',
      to: '+15550100001',
      message: { type: 'text', text: { body: 'Your table is ready' } },
    },
  },
  template: {
    summary: 'A template with a parameter',
    value: {
      from: '800000000000001',
      to: '+15550100001',
      message: {
        type: 'template',
        template: {
          name: 'order_shipped',
          language: { code: 'en' },
          components: [{ type: 'body', parameters: [{ type: 'text', text: 'Friday' }] }],
        },
      },
      category: 'utility',
      tags: ['order-1042'],
    },
  },
  markdown: {
    summary: 'A text from Markdown, rendered once to WhatsApp’s formatting',
    value: {
      from: '800000000000001',
      to: '+15550100001',
      message: {
        type: 'text',
        text: { markdown: '# Order 4711\n\n- **2** shirts for Sam\\*\n- [follow it](https://shop.example.com/t/4711)' },
      },
    },
  },
  buttons: {
    summary: 'A question with reply buttons',
    value: {
      from: '800000000000001',
      to: '+15550100001',
      message: {
        type: 'interactive',
        interactive: {
          type: 'button',
          body: { text: 'Shall we deliver tomorrow?' },
          action: {
            buttons: [
              { type: 'reply', reply: { id: 'yes', title: 'Yes' } },
              { type: 'reply', reply: { id: 'no', title: 'No' } },
            ],
          },
        },
      },
    },
  },
  reply: {
    summary: 'An answer to a message of the customer, with a place',
    value: {
      from: '800000000000001',
      to: '+15550100001',
      message: {
        type: 'location',
        location: { latitude: 0, longitude: '13.404954', name: 'Example Depot', address: '1 Sample Square' },
        context: { message_id: 'wamid.HBgLMTU1NTAxMDAwMDEVAgASGBQzQUM5MkVDM0I1QTgyMjVFNEU3RQA=' },
      },
    },
  },
  everything: {
    summary: 'Every field',
    value: {
      from: '800000000000001',
      to: '+1 (555) 010-0001',
      api: 'messages',
      message: { type: 'image', image: { link: 'https://example.com/table.jpg', caption: 'Your table' } },
      priority: 'urgent',
      sendAt: null,
      expiresAt: null,
      deliveryPolicy: 'at_most_once',
      category: null,
      windowFallback: { type: 'template', template: { name: 'resume_chat', language: { code: 'en' } } },
      windowPolicy: 'enforce',
      clientReference: 'order-1042/table-ready',
      tags: ['order-1042', 'restaurant'],
    },
  },
};
