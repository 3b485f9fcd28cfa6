"""A server that goes away and comes back."""

import asyncio

import pytest

from app.work.calls import Call, Name, Queue
from app.work.queue import Rhythm, call, install, make_app, register, work
from bot.steady import Steady
from cascade.errors import StoreError
from storage.postgres import Postgres
from storage.store import Store
from tests.postgres import running


@pytest.mark.slow
@pytest.mark.timeout(120)
async def test_the_database_goes_and_comes_back() -> None:
    """Meanwhile the store says so in one line and a worker tells it once; then both go on by themselves."""
    told, done = list[str](), list[str]()

    async def sort(**_: object) -> None:
        done.append("sorted")

    with running() as server:
        url = server.new_database()
        store = Store(Postgres(url, connections=1))
        install(url)
        app = make_app(url, 2)
        steady = Steady(told.append)
        register(app, {Name.SORT: sort}, steady)
        working = asyncio.create_task(work(app, Queue.WORK, 2, Rhythm(beat=0.5, dead=2), steady))
        await asyncio.sleep(2)
        server.kill()
        await asyncio.sleep(1)
        with pytest.raises(StoreError, match="check that the server runs"):
            await asyncio.to_thread(store.note, "atlas")
        await asyncio.sleep(3)
        await asyncio.to_thread(server.start)
        for _ in range(60):
            try:
                store.set_note("atlas", "back")
                break
            except StoreError:
                await asyncio.sleep(0.5)
        caller = make_app(url, 1)
        async with caller.open_async():
            await call(caller, [Call(name=Name.SORT, lock="items", about={})])
        for _ in range(60):
            if done:
                break
            await asyncio.sleep(0.5)
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
        assert (store.note("atlas"), done) == ("back", ["sorted"])
        assert len([line for line in told if "waits and goes on" in line]) == 1
        store.close()
