import sys, time, asyncio
from getstream import AsyncStream
operation, url, key, secret, count, in_flight = sys.argv[1:7]
count, in_flight = int(count), int(in_flight)
async def main():
    client = AsyncStream(api_key=key, api_secret=secret, base_url=url)
    call = client.video.call("default", "standup")
    async def one():
        if operation == "GetCall":
            return await call.get()
        return await client.video.query_calls(limit=100, filter_conditions={"ended_at": None})
    async def many(count):
        left = iter(range(count))
        async def worker():
            for _ in left:
                await one()
        await asyncio.gather(*(worker() for _ in range(in_flight)))
    await many(2)  # Nothing is compiled while it runs, and a call takes long beside a connection.
    wall, cpu = time.perf_counter(), time.process_time()
    await many(count)
    print(f'{{"wall": {time.perf_counter() - wall}, "cpu": {time.process_time() - cpu}}}')
asyncio.run(main())
