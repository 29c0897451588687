const { StreamClient } = require('@stream-io/node-sdk');
const [operation, url, key, secret, countText, inFlightText] = process.argv.slice(2);
const count = Number(countText), inFlight = Number(inFlightText);
const client = new StreamClient(key, secret, { basePath: url });
const call = client.video.call('default', 'standup');
const one = operation === 'GetCall'
  ? () => call.get()
  : () => client.video.queryCalls({ limit: 100, filter_conditions: { ended_at: null } });
async function many(count) {
  let left = count;
  const worker = async () => { while (left-- > 0) await one(); };
  await Promise.all(Array.from({ length: inFlight }, worker));
}
(async () => {
  await many(inFlight * 2);
  const wall = performance.now(), cpu = process.cpuUsage();
  await many(count);
  const used = process.cpuUsage(cpu);
  console.log(JSON.stringify({ wall: (performance.now() - wall) / 1e3, cpu: (used.user + used.system) / 1e6 }));
})().catch(e => { console.error(e); process.exit(1); });
