/**
 * A Graph API that takes every send at once and sends no status: what is measured is the sender, not Meta. The simulator, which knows
 * limits, windows and faults, costs more than some of what is measured; the whole way is measured with it. `PORT`.
 */
import { createServer } from 'node:http';

let taken = { count: 0, firstAt: null, lastAt: null };
const JSON_TYPE = { 'content-type': 'application/json' };

createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    response.writeHead(200, JSON_TYPE);
    if (request.method === 'POST' && request.url?.endsWith('/messages')) {
      const { to } = JSON.parse(Buffer.concat(chunks).toString());
      const now = Date.now();
      taken = { count: taken.count + 1, firstAt: taken.firstAt ?? now, lastAt: now };
      const wamid = `wamid.bench${taken.count}.${process.pid}`;
      response.end(
        JSON.stringify({
          messaging_product: 'whatsapp',
          contacts: [{ input: to, wa_id: to.replace(/\D/g, '') }],
          messages: [{ id: wamid }],
        }),
      );
    } else if (request.url === '/_taken') {
      response.end(JSON.stringify(taken));
      if (request.method === 'DELETE') taken = { count: 0, firstAt: null, lastAt: null };
    } else {
      response.end(JSON.stringify({ data: [], throughput: { level: 'HIGH' } }));
    }
  });
}).listen(Number(process.env.PORT), '127.0.0.1');
