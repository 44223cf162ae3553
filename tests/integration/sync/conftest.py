from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.conf import settings

from service_genius.companies.models import Company, Role, User
from service_genius.customers import operations as customers
from service_genius.work_codes import operations as work_codes
from tests.emulator import Emulator, running_emulator
from tests.integration.sync import sales
from tests.integration.sync.credit import AMELIA
from tests.world import World, connected_world


@pytest.fixture(scope="session")
def emulator_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with running_emulator(tmp_path_factory.mktemp("emulator") / "emulator.sqlite3") as emulator:
        yield emulator


@pytest.fixture
def emulator(emulator_process: Emulator) -> Emulator:
    emulator_process.clear_faults()
    emulator_process.settings(
        limits=False, batch_request_ids="honoured", auto_applied_links="told", tax_override="ignored"
    )
    settings.QBO_EMULATOR_URL = emulator_process.url
    emulator_process.control("PUT", "settings", {"limits": False})
    return emulator_process


@pytest.fixture
def company(transactional_db: None) -> Company:
    return Company.objects.create(name="Summit Comfort", zone="America/Los_Angeles")


@pytest.fixture
def world(emulator: Emulator, company: Company) -> World:
    return connected_world(emulator, company)


@pytest.fixture
def selling(world: World) -> World:
    """A customer and a service of 100.00, on both sides."""
    customers.create(company=world.company, values={"display_name": AMELIA})
    work_codes.create(company=world.company, values={"name": sales.SERVICE, "price": Decimal(100)})
    world.full()
    return world


@pytest.fixture
def alice(company: Company) -> User:
    """Owns the company."""
    return _user("Alice", company, Role.OWNER)


@pytest.fixture
def bob(company: Company) -> User:
    """Works in its office."""
    return _user("Bob", company, Role.OFFICE)


@pytest.fixture
def charlie(transactional_db: None) -> User:
    """Owns another company, and must see nothing of this one."""
    other = Company.objects.create(name="Charlie's Chimneys", zone="America/New_York")
    return _user("Charlie", other, Role.OWNER)


def _user(name: str, company: Company, role: Role) -> User:
    return User.objects.create_user(
        email=f"{name.lower()}@example.com",
        password="a-long-pass-phrase",
        name=name,
        role=role,
        company=company,
    )
