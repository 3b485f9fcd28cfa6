"""No request leaves for an address inside the network, in whatever notation or way it is named."""

from datetime import UTC, datetime

import pytest

from cascade.feed import Answer, Failed, Fetched, Reason
from sources.addresses import refusal
from sources.check import stranger
from sources.fetch import Fetcher
from tests.sources.site import Names, Site, answer, redirect

NOW = datetime(2026, 5, 18, 9, tzinfo=UTC)
SECRET = answer(b"the secret")

# Each leads to this machine or into its network; {port} is a door on loopback that must never be knocked at.
INSIDE = [
    "http://127.0.0.1:{port}/",
    "http://127.0.0.2:{port}/",
    "http://127.255.255.254:{port}/",
    "http://127.1:{port}/",
    "http://127.0.1:{port}/",
    "http://0.0.0.0:{port}/",
    "http://0:{port}/",
    "http://2130706433:{port}/",
    "http://0x7f000001:{port}/",
    "http://0x7f.0x0.0x0.0x1:{port}/",
    "http://0x7f.1:{port}/",
    "http://017700000001:{port}/",
    "http://0177.0.0.1:{port}/",
    "http://0177.0.0.01:{port}/",
    "http://00000177.0.0.1:{port}/",
    "http://127.0.0.1.:{port}/",
    "http://localhost:{port}/",
    "http://LOCALHOST:{port}/",
    "http://user:word@127.0.0.1:{port}/",
    "http://example.com@127.0.0.1:{port}/",
    "http://example.com%40x@127.0.0.1:{port}/",
    "http://[::1]:{port}/",
    "http://[0:0:0:0:0:0:0:1]:{port}/",
    "http://[::]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://[::ffff:7f00:1]:{port}/",
    "http://[0:0:0:0:0:ffff:7f00:0001]:{port}/",
    "http://[::127.0.0.1]:{port}/",
    "http://[64:ff9b::7f00:1]:{port}/",
    "http://[64:ff9b::127.0.0.1]:{port}/",
    "http://[64:ff9b:1::1]:{port}/",
    "http://[2002:7f00:1::]:{port}/",
    "http://[2001::7f00:1]:{port}/",
    "http://[fe80::1]:{port}/",
    "http://[fe80::1%25lo]:{port}/",
    "http://[fec0::1]:{port}/",
    "http://[fc00::1]:{port}/",
    "http://[fd00:ec2::254]/latest/meta-data/",
    "http://[ff02::1]:{port}/",
    "http://[2001:db8::1]:{port}/",
    "http://[3fff::1]:{port}/",
    "http://[100::1]:{port}/",
    "http://[5f00::1]:{port}/",
    "http://[2001:10::1]:{port}/",
    "http://[2620:4f:8000::1]:{port}/",
    "http://10.0.0.1/",
    "http://10.255.255.255/",
    "http://172.16.0.1/",
    "http://172.31.255.255/",
    "http://192.168.0.1/",
    "http://192.168.255.255/",
    "http://3232235521/",
    "http://0xc0a80001/",
    "http://169.254.0.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://169.254.170.2/v2/credentials/",
    "http://2852039166/latest/meta-data/",
    "http://0xa9fea9fe/latest/meta-data/",
    "http://0251.0376.0251.0376/",
    "http://[::ffff:169.254.169.254]/",
    "http://[::ffff:a9fe:a9fe]/",
    "http://100.64.0.1/",
    "http://100.100.100.200/latest/meta-data/",
    "http://100.127.255.255/",
    "http://168.63.129.16/machine/",
    "http://192.0.0.1/",
    "http://192.0.0.192/latest/",
    "http://192.0.2.1/",
    "http://192.88.99.1/",
    "http://198.18.0.1/",
    "http://198.19.255.255/",
    "http://198.51.100.1/",
    "http://203.0.113.1/",
    "http://224.0.0.1/",
    "http://239.255.255.255/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
]
OTHER_SCHEMES = [
    "file:///etc/passwd",
    "ftp://127.0.0.1:{port}/",
    "gopher://127.0.0.1:{port}/_x",
    "dict://127.0.0.1:{port}/",
    "ws://127.0.0.1:{port}/",
    "data:text/xml,<rss/>",
    "javascript:alert(1)",
    "//127.0.0.1:{port}/",
    "http:///etc/passwd",
    "http://",
    "/etc/passwd",
    "",
]
UNUSABLE = ["http://[::1", "http://exa mple.test/", "http://127.0.0.1:99999/", "http://\x00/"]
OUTSIDE = [
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.1",
    "100.63.255.255",
    "100.128.0.1",
    "126.255.255.255",
    "128.0.0.1",
    "168.63.129.15",
    "169.253.255.255",
    "169.255.0.1",
    "172.15.255.255",
    "172.32.0.1",
    "185.199.108.153",
    "192.0.1.1",
    "192.167.255.255",
    "192.169.0.1",
    "198.17.255.255",
    "198.20.0.1",
    "223.255.255.255",
    "2606:4700:4700::1111",
    "2a00:1450:4001:81b::200e",
    "2001:4860:4860::8888",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
]


@pytest.mark.parametrize("address", [*INSIDE, *OTHER_SCHEMES])
async def test_an_address_inside_is_refused(address: str) -> None:
    """It is refused by name of the reason, and nobody knocks."""
    async with Site({"/": SECRET}) as door, Fetcher() as fetch:
        found = await fetch(stranger(address.format(port=door.port), NOW), NOW)
        assert isinstance(found, Failed)
        assert found.reason is Reason.REFUSED
        assert door.connections == 0


@pytest.mark.parametrize("address", UNUSABLE)
async def test_an_address_that_cannot_be_read(address: str) -> None:
    """What is no address gets a reason, not an exception."""
    async with Fetcher() as fetch:
        found = await fetch(stranger(address, NOW), NOW)
        assert isinstance(found, Failed)
        assert found.reason in {Reason.REFUSED, Reason.UNREACHABLE}


@pytest.mark.parametrize("address", OUTSIDE)
def test_an_address_outside_may_be_asked(address: str) -> None:
    """Public unicast addresses pass, also right beside what is reserved."""
    assert refusal(address) == ""


@pytest.mark.parametrize("target", [*INSIDE[::5], *OTHER_SCHEMES[:7], "http://inside.test:{port}/"])
@pytest.mark.parametrize("status", ["301 Moved", "307 Temporary"])
async def test_a_redirect_inside_is_refused(target: str, status: str) -> None:
    """A site that may be asked cannot send us to one that may not, at once or after a harmless hop."""
    async with Site({"/": SECRET}) as door, Site() as site:
        names = Names({"outside.test": ["127.0.0.1"], "inside.test": ["127.0.0.1"]})
        site.pages |= {
            "/at-once": redirect(target.format(port=door.port), status),
            "/later": redirect("/at-once", status),
        }
        async with Fetcher({"outside.test"}, resolver=names) as fetch:
            for path in ("/at-once", "/later"):
                found = await fetch(stranger(site.url(path, "outside.test"), NOW), NOW)
                assert isinstance(found, Failed)
                assert found.reason is Reason.REFUSED, found
        assert door.connections == 0


async def test_a_name_that_leads_inside_is_refused() -> None:
    """A public name with a private address is refused, for every kind of private address."""
    async with Site({"/": SECRET}) as door:
        for inside in ("127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1", "fd00::1"):
            names = Names({"news.test": [inside], "localhost.": [inside]})
            async with Fetcher(resolver=names) as fetch:
                assert _refused(await fetch(stranger(door.url("/", "news.test"), NOW), NOW))
                assert _refused(await fetch(stranger(door.url("/", "localhost."), NOW), NOW))
        assert door.connections == 0


async def test_a_second_answer_of_dns_is_checked_too() -> None:
    """A name that is public when first asked and private a moment later gets no connection (rebinding)."""
    async with Site({"/": SECRET}) as door:
        names = Names({"rebind.test": ["192.0.2.1", "127.0.0.1", "127.0.0.1"]})
        async with Fetcher(resolver=names) as fetch:
            answers = [await fetch(stranger(door.url("/", "rebind.test"), NOW), NOW) for _ in range(3)]
        assert all(map(_refused, answers))
        assert door.connections == 0


async def test_a_host_allowed_by_name_is_asked() -> None:
    """Self-hosters reach what they allow, by that name only."""
    async with Site({"/": answer(b"news")}) as site:
        names = Names({"mine.test": ["127.0.0.1"], "other.test": ["127.0.0.1"]})
        async with Fetcher({"Mine.test"}, resolver=names) as fetch:
            mine = await fetch(stranger(site.url("/", "mine.test"), NOW), NOW)
            assert isinstance(mine, Fetched)
            assert _refused(await fetch(stranger(site.url("/", "other.test"), NOW), NOW))
            assert _refused(await fetch(stranger(site.url("/"), NOW), NOW))


def test_the_table_is_large() -> None:
    """At least eighty addresses are refused."""
    assert len({*INSIDE, *OTHER_SCHEMES}) >= 80


def _refused(found: Answer) -> bool:
    return isinstance(found, Failed) and found.reason is Reason.REFUSED
