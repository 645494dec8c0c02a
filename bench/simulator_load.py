"""How many signed ListPhoneNumbers calls of 100 rows the simulator answers on this machine.

One JSON object: the calls per second of as many clients as keep it busy, what one call costs the server, and
the latencies at a steady 500 calls a second. The client is part of the measurement and shares the machine: it signs every call (V1) in the
run, with its own nonce, and checks each answer's length.
"""

import asyncio
import json
import os
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import psutil
import uvloop

from tests.support.simulator import Simulator, signed_query, start_simulator

CONNECTIONS = 8
NUMBERS = 1_000


def seed() -> dict[str, object]:
    """One instance with 1,000 numbers, each with a flow and two skill groups."""
    return {
        "instances": {
            "acme": {
                "contactFlows": [{"name": "主流程"}],
                "skillGroups": [{"name": "sales"}, {"name": "support"}],
                "numbers": [
                    {
                        "number": f"021{index:08}",
                        "usage": "Bidirectional",
                        "contactFlow": "主流程",
                        "skillGroups": ["sales", "support"],
                        "provider": "A",
                        "province": "上海",
                        "city": "上海",
                    }
                    for index in range(NUMBERS)
                ],
            }
        }
    }


class Client:
    """One keep-alive connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def list_page(self, page: int) -> float:
        """One signed call; how long it took, in seconds, signing included."""
        started = time.perf_counter()
        parameters = {"InstanceId": "acme", "PageNumber": page, "PageSize": 100}
        query = signed_query("POST", "ListPhoneNumbers", parameters, "simulator", "simulator")
        self.writer.write(f"POST /?{query} HTTP/1.1\r\nHost: simulator\r\n\r\n".encode())
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        body = await self.reader.readexactly(length)
        if not head.startswith(b"HTTP/1.1 200") or body.count(b'"Number":') != 100:
            raise RuntimeError(f"not a page of 100 rows: {body[:200]!r}")
        return time.perf_counter() - started


async def connect(simulator: Simulator) -> Client:
    """A client of its own connection."""
    host, port = simulator.endpoint.split(":")
    return Client(*await asyncio.open_connection(host, int(port), limit=1 << 20))


async def busy(clients: list[Client], seconds: float) -> float:
    """Calls per second when each client calls again as soon as it has its answer."""
    end = time.perf_counter() + seconds
    pages = count()

    async def run(client: Client) -> int:
        calls = 0
        while time.perf_counter() < end:
            await client.list_page(next(pages) % 10 + 1)
            calls += 1
        return calls

    started = time.perf_counter()
    done = sum(await asyncio.gather(*(run(client) for client in clients)))
    return done / (time.perf_counter() - started)


async def steady(clients: list[Client], rate: float, seconds: float) -> list[float]:
    """Latencies, from the moment each call is due, at a steady rate; a late start counts as latency."""
    started = time.perf_counter()
    due: Iterator[int] = iter(range(int(rate * seconds)))
    latencies = []

    async def run(client: Client) -> None:
        for number in due:
            moment = started + number / rate
            await asyncio.sleep(max(0.0, moment - time.perf_counter()))
            await client.list_page(number % 10 + 1)
            latencies.append(time.perf_counter() - moment)

    await asyncio.gather(*(run(client) for client in clients))
    return sorted(latencies)


def cpu_ms(process: psutil.Process) -> float:
    """Processor time a process has used: what a call costs, however busy the machine is otherwise."""
    times = process.cpu_times()
    return (times.user + times.system) * 1000


async def measure(simulator: Simulator, seconds: float) -> dict[str, float]:
    """Warm up, then both figures."""
    clients = [await connect(simulator) for _ in range(CONNECTIONS)]
    await busy(clients, seconds / 5)
    server = psutil.Process(simulator.process.pid)
    used = cpu_ms(server)
    per_second = await busy(clients, seconds)
    calls = per_second * seconds
    server_ms = (cpu_ms(server) - used) / calls
    latencies = await steady(clients, 500, seconds)
    return {
        "calls_per_second": round(per_second),
        "server_cpu_ms_per_call": round(server_ms, 3),
        "p50_ms_at_500_per_second": round(latencies[len(latencies) // 2] * 1000, 2),
        "p99_ms_at_500_per_second": round(latencies[len(latencies) * 99 // 100] * 1000, 2),
    }


def main() -> None:
    """Print the figures."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5, help="length of each measurement")
    options = parser.parse_args()
    with start_simulator(seed(), rate=0) as simulator:
        figures = uvloop.run(measure(simulator, options.seconds))
    print(json.dumps({"benchmark": "simulator_load", "rows": 100, "cores": os.cpu_count(), **figures}))


if __name__ == "__main__":
    main()
