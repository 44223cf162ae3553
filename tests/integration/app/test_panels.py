"""What another part of the site may show on the application's pages."""

from collections.abc import Collection
from typing import Any

import pytest
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from service_genius.companies.models import Company
from service_genius.ui.panels import Badge, KindName, NoPanels, Panels, SettingsEntry, StatusLine, panels
from tests.pressing import Client

from .conftest import Books


class SomePanels(NoPanels):
    """Shows something everywhere."""

    def settings_entries(self, *, company: Company) -> list[SettingsEntry]:
        return [
            SettingsEntry(
                title="Sync with <Others>",
                description=f"Keep {company.name} the same there.",
                url="/there/",
                badge="Never run",
            )
        ]

    def attention(self, *, company: Company) -> int:
        return 7

    def status_line(self, *, company: Company) -> StatusLine | None:
        return StatusLine(text="Last run an hour ago", tone="attention")

    def badges(self, *, company: Company, kind: KindName, ids: Collection[int]) -> dict[int, Badge]:
        return {id_: Badge(label=f"{kind} {id_}", tone="attention", url=f"/there/{id_}/") for id_ in ids}

    def record_panel(
        self,
        *,
        request: HttpRequest,
        company: Company,
        kind: KindName,
        id: int,  # noqa: A002 - Panels
    ) -> SafeString:
        return format_html('<section class="card">{} there: {}</section>', kind, id)


@pytest.fixture
def _shown(settings: Any, _guarded: None) -> None:
    settings.SERVICE_GENIUS_PANELS = f"{__name__}.SomePanels"


KINDS = [
    ("customers", "customer"),
    ("work_codes", "work_code"),
    ("invoices", "invoice"),
    ("payments", "payment"),
]


@pytest.mark.usefixtures("_shown")
@pytest.mark.parametrize(("app", "kind"), KINDS)
def test_rows_carry_badges_and_records_a_panel(app: str, kind: str, client: Client, books: Books):
    pk = getattr(books, kind).pk
    row = f'<a class="badge attention" href="/there/{pk}/">{kind} {pk}</a>'
    assert row in client.get(reverse(f"{app}:list")).content.decode()
    panel = f'<section class="card">{kind} there: {pk}</section>'
    assert panel in client.get(reverse(f"{app}:detail", kwargs={"pk": pk})).content.decode()


@pytest.mark.usefixtures("_shown")
def test_settings_and_main_menu_show_how_things_stand(client: Client):
    page = client.get(reverse("companies:settings")).content.decode()
    assert "Sync with &lt;Others&gt;" in page
    assert "Keep Alice&#x27;s Air the same there." in page
    assert "Never run" in page
    assert "Last run an hour ago" in page
    assert '<a class="status-line attention" data-key="s" href="/there/">' in page
    assert '<b class="count" title="Needs attention">7' in page


@pytest.mark.parametrize(("app", "kind"), KINDS)
def test_without_panels_every_page_stands_alone(app: str, kind: str, client: Client, books: Books):
    page = client.get(reverse(f"{app}:detail", kwargs={"pk": getattr(books, kind).pk})).content.decode()
    assert "there" not in page
    assert 'data-key="s"' not in page
    nothing: Panels = panels()
    assert isinstance(nothing, NoPanels)
