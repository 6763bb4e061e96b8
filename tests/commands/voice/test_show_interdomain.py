"""What a gateway tells of other domains: providers, neighbours, limits are those that were configured."""

from __future__ import annotations

from tests.commands.show_scenarios import Scene


def test_a_settlement_provider_tells_which_of_its_values_are_defaults() -> None:
    scene = Scene("settlement 0\n type osp\n url https://1.14.115.100:6556/\n customer-id 1000\n retry-limit 3\n")
    told = scene.user.type("show settlement").splitlines()
    assert told[:3] == ["Settlement Provider 0", "Type = osp", "Address url = https://1.14.115.100:6556/"]
    assert "Encryption = all                (default)" in told
    assert "Connection Timeout = 3600 (s)   (default)" in told
    assert "Retry Limit = 3" in told
    assert "Customer Id = 1000" in told
    assert scene.user.type("show settlement 0 transactions") == ""


def test_a_border_element_tells_its_neighbours() -> None:
    scene = Scene(
        "call-router h323-annexg be20\n domain-name Celine-Domain\n local ip 172.18.193.31\n ttl 3180\n"
        " neighbor 1.2.3.4\n  usage-indication\n   retry interval 600\n"
    )
    alone = scene.user.type("show call-router status")
    assert "  Border Element Local IP : 172.18.193.31:2099\n" in alone
    assert "  Descriptor TTL          : 3180\n" in alone
    assert "NEIGHBOR" not in alone
    both = scene.user.type("show call-router status neighbors")
    assert both.startswith(alone)
    assert "  IP Addr           : 1.2.3.4:2099\n" in both
    assert "    Retry Period         : 600 SEC\n" in both
    assert scene.user.type("show call-router routes static") == "Static Routes:\n==============\n"
    assert Scene().user.type("show call-router status") == ""


def test_the_cache_of_the_http_client_has_the_limits_that_were_set() -> None:
    told = Scene("http client cache memory pool 20000\n").user.type("show http client cache")
    assert "Maximum memory pool allowed for HTTP Client caching = 20000 K-bytes\n" in told
    assert "Maximum file size allowed for caching = 50 K-bytes (default)\n" in told
