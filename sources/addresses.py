"""Which addresses may be connected to: public unicast ones and nothing else.

The tables follow IANA's special-purpose registries (IPv4 and IPv6, RFC 6890 and its updates); they are
written out because Python's own `is_global` changed between patch releases.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address

_CLOSED_4 = {
    IPv4Network(network): name
    for network, name in {
        "0.0.0.0/8": "this network",
        "10.0.0.0/8": "private",
        "100.64.0.0/10": "shared by a carrier",
        "127.0.0.0/8": "this machine",
        "168.63.129.16/32": "a cloud's own service",  # public by number; Azure's wire server answers on it
        "169.254.0.0/16": "link-local",  # 169.254.169.254: where clouds keep a machine's credentials
        "172.16.0.0/12": "private",
        "192.0.0.0/24": "reserved",
        "192.0.2.0/24": "for documentation",
        "192.31.196.0/24": "reserved",
        "192.52.193.0/24": "reserved",
        "192.88.99.0/24": "a relay",
        "192.168.0.0/16": "private",
        "192.175.48.0/24": "reserved",
        "198.18.0.0/15": "for benchmarks",
        "198.51.100.0/24": "for documentation",
        "203.0.113.0/24": "for documentation",
        "224.0.0.0/4": "multicast",
        "240.0.0.0/4": "reserved",  # 255.255.255.255 among them
    }.items()
}
_OPEN_6 = IPv6Network("2000::/3")  # all that is handed out as global unicast
_CLOSED_6 = {
    IPv6Network(network): name
    for network, name in {
        "2001::/23": "reserved",  # Teredo, benchmarks, ORCHID: an IPv4 address may hide in them
        "2001:db8::/32": "for documentation",
        "2002::/16": "a 6to4 tunnel",
        "2620:4f:8000::/48": "reserved",
        "3fff::/20": "for documentation",
    }.items()
}
_MAPPED = (IPv6Network("::ffff:0:0/96"), IPv6Network("64:ff9b::/96"))  # IPv4 in IPv6; NAT64


def refusal(address: str) -> str:
    """Why this numeric address is never connected to, in a few words; "" when it may be."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return "not an address"
    return _refusal_4(found) if isinstance(found, IPv4Address) else _refusal_6(found)


def _refusal_4(address: IPv4Address) -> str:
    return next((name for network, name in _CLOSED_4.items() if address in network), "")


def _refusal_6(address: IPv6Address) -> str:
    if any(address in network for network in _MAPPED):
        return _refusal_4(IPv4Address(int(address) & 0xFFFFFFFF))
    if address not in _OPEN_6:
        return _kind_6(address)
    return next((name for network, name in _CLOSED_6.items() if address in network), "")


def _kind_6(address: IPv6Address) -> str:
    if address.is_loopback:
        return "this machine"
    if address.is_multicast:
        return "multicast"
    if address.is_link_local:
        return "link-local"
    return "private or reserved"
