/** What a person needs to know of a stack that is up. */
export interface Greeting {
  url: string;
  apiKey: string;
  /** Undefined when GRAPH_API_BASE_URL names another server. */
  simulatorUrl: string | undefined;
  graphUrl: string;
  home: string;
}

/** What `npm start` prints when it is ready. */
export function greet({ url, apiKey, simulatorUrl, graphUrl, home }: Greeting): string {
  const meta =
    simulatorUrl === undefined
      ? `  Graph API   ${graphUrl}`
      : `  Simulator   ${simulatorUrl}   (stands for Meta: nothing leaves this machine)`;
  const first =
    simulatorUrl === undefined
      ? 'Add a sender:  npm run -s herald -- sender add --phone-number-id … --waba-id … --access-token …'
      : [
          'A first message:',
          `  curl -s ${url}/v1/messages -H 'Authorization: Bearer ${apiKey}' -H 'Content-Type: application/json' \\`,
          `    -d '{"from":"800000000000001","to":"+15550100101","message":{"type":"template","template":{"name":"hello_customer","language":{"code":"en_US"}}}}'`,
        ].join('\n');
  return [
    '',
    'Herald is up. Ctrl-C stops it.',
    '',
    `  API         ${url}/v1`,
    `  Docs        ${url}/docs`,
    `  Webhooks    ${url}/webhooks/whatsapp`,
    meta,
    `  API key     ${apiKey}`,
    `  For scripts ${home}/run.env`,
    '',
    first,
    '',
    '',
  ].join('\n');
}
