"""What every Store does with joined accounts and their codes."""

from datetime import timedelta

from cascade.linking import Account, LinkCode
from cascade.ports import HOME, Store
from tests.make import ADA, DAY, GRACE, MONDAY

SOON = MONDAY + timedelta(minutes=10)


class LinkContract:
    """Every engine runs this."""

    def test_joined_accounts_come_back(self, store: Store) -> None:
        """Whose an account is stays known, and the board's facts say who is who; other teams know nothing of it."""
        joined = (Account(person=ADA, human=ADA.key, since=MONDAY), Account(person=GRACE, human=ADA.key, since=MONDAY))
        store.join_accounts(HOME, joined)
        assert store.accounts(HOME) == joined
        assert store.facts(HOME).same == {ADA.key: ADA.key, GRACE.key: ADA.key}
        assert store.accounts("other") == ()

    def test_an_account_changes_its_human(self, store: Store) -> None:
        """Joined again, it belongs to the other."""
        store.join_accounts(HOME, [Account(person=ADA, human="a", since=MONDAY)])
        store.join_accounts(HOME, [Account(person=ADA, human="b", since=MONDAY + DAY)])
        assert [one.human for one in store.accounts(HOME)] == ["b"]

    def test_parted(self, store: Store) -> None:
        """Nobody's accounts but the human's are parted."""
        store.join_accounts(HOME, [Account(person=ADA, human="a", since=MONDAY)])
        store.join_accounts(HOME, [Account(person=GRACE, human="b", since=MONDAY)])
        store.part_accounts(HOME, "a")
        assert [one.person for one in store.accounts(HOME)] == [GRACE]

    def test_a_code_works_once(self, store: Store) -> None:
        """Taking a code uses it up; one of another team is unknown."""
        store.save_link_code(HOME, LinkCode(digest="d", person=ADA, expires_at=SOON))
        assert store.take_link_code("other", "d", MONDAY) is None
        assert store.take_link_code(HOME, "d", MONDAY) == ADA
        assert store.take_link_code(HOME, "d", MONDAY) is None

    def test_a_code_grows_old(self, store: Store) -> None:
        """After its time it is unknown."""
        store.save_link_code(HOME, LinkCode(digest="d", person=ADA, expires_at=SOON))
        assert store.take_link_code(HOME, "d", SOON + timedelta(seconds=1)) is None

    def test_a_fresh_code_ends_the_earlier_one(self, store: Store) -> None:
        """A person has one code at a time."""
        store.save_link_code(HOME, LinkCode(digest="old", person=ADA, expires_at=SOON))
        store.save_link_code(HOME, LinkCode(digest="new", person=ADA, expires_at=SOON))
        assert store.take_link_code(HOME, "old", MONDAY) is None
        assert store.take_link_code(HOME, "new", MONDAY) == ADA

    def test_tries_are_counted_by_person_kind_and_hour(self, store: Store) -> None:
        """The third of two is refused; another person, another kind and the next hour are not."""
        tries = [store.may_try_link(HOME, ADA, "guess", 2, MONDAY) for _ in range(3)]
        assert tries == [True, True, False]
        assert store.may_try_link(HOME, GRACE, "guess", 2, MONDAY)
        assert store.may_try_link(HOME, ADA, "code", 2, MONDAY)
        assert store.may_try_link(HOME, ADA, "guess", 2, MONDAY + timedelta(hours=1, seconds=1))
