"""Finding people among many."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.history.clients import Client, ClientOrder, find_clients
from app.history.records import Profile

AT = datetime(2026, 3, 1, tzinfo=UTC)
TODAY = AT.date()


def client(
    name: str, client_id: str = "", seen_days_ago: int | None = None, due_in_days: int | None = None
) -> Client:
    planned = None if due_in_days is None else TODAY + timedelta(days=due_in_days)
    seen = None if seen_days_ago is None else AT - timedelta(days=seen_days_ago)
    return Client(Profile(1, name, AT, client_id, None, planned), seen)


ANNA = client("Anna Größe", "K-7", 3, 20)
JUERGEN = client("jürgen Äpfel", "K-17", 40, -2)
ZOE = client("Zoë")
ALL = (ZOE, JUERGEN, ANNA)


def names(*found: Client) -> list[str]:
    return [one.profile.name for one in found]


def test_they_are_found_by_parts_of_name_and_id_in_any_case() -> None:
    assert find_clients(ALL, "ANNA grosse") == [ANNA]
    assert find_clients(ALL, "größe anna") == [ANNA]
    assert find_clients(ALL, "jurgen") == [JUERGEN]
    assert find_clients(ALL, "k-7") == [ANNA]
    assert find_clients(ALL, "k-1 apfel") == [JUERGEN]
    assert find_clients(ALL, "k-1 anna") == []
    assert find_clients(ALL, "  ") == [ANNA, JUERGEN, ZOE]


def test_they_are_sorted_as_is_asked_for() -> None:
    assert find_clients(ALL, "", ClientOrder.NAME) == [ANNA, JUERGEN, ZOE]
    assert find_clients(ALL, "", ClientOrder.SEEN) == [ANNA, JUERGEN, ZOE]
    assert find_clients(ALL, "", ClientOrder.DUE) == [JUERGEN, ANNA, ZOE]


def test_who_is_due() -> None:
    assert [one.is_due(TODAY) for one in (ANNA, JUERGEN, ZOE)] == [False, True, False]
    assert not client("Hans", seen_days_ago=1, due_in_days=-2).is_due(TODAY)


@given(st.text(max_size=8), st.sampled_from(ClientOrder))
def test_any_search_gives_some_of_them_each_once(text: str, order: ClientOrder) -> None:
    found = find_clients(ALL, text, order)
    assert len(set(names(*found))) == len(found)
    assert set(names(*found)) <= set(names(*ALL))


def test_five_hundred_are_searched_quickly() -> None:
    many = [client(f"Client {number}", f"K-{number}", number) for number in range(500)]
    start = time.perf_counter()
    assert len(find_clients(many, "k-49", ClientOrder.SEEN)) == 11
    assert time.perf_counter() - start < 0.1
