"""Pages for a person who looks into "QuickBooks": lists, and forms for customers and items.

Forms write through the same rules as the API. There is no log-in: the emulator answers this machine only.
"""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from qbo_emulator.entities import entity_named
from qbo_emulator.ground.refusals import Refusal
from qbo_emulator.ground.values import Json, decode
from qbo_emulator.pages.fields import Page, form_values, sent_by_form, shown, typed_values
from qbo_emulator.pages.frame import company_name, frame, only_from_our_own_pages, page_of, store, stored
from qbo_emulator.storage.realm import Realm
from qbo_emulator.writing.course import write

blueprint = Blueprint("pages", __name__)
blueprint.before_request(only_from_our_own_pages)

ROWS_PER_PAGE = 50
SEARCHED = (
    "full_name",
    "doc_number",
    "json_extract(body, '$.CustomerRef.name')",
    "json_extract(body, '$.PrimaryEmailAddr.Address')",
    "json_extract(body, '$.PaymentRefNum')",
    "json_extract(body, '$.Sku')",
)


def nothing_to_show(error: HTTPException) -> tuple[str, int]:
    return render_template("error.html", error=error), error.code or 404


@blueprint.get("/app/<realm>/")
def company(realm: str) -> Response:
    return redirect(url_for("pages.listing", realm=realm, many="customers"))


@blueprint.get("/app/<realm>/<many>")
def listing(realm: str, many: str) -> str:
    page = page_of(many)
    head = frame(realm, page)
    wanted = request.args.get("q", "").strip()
    where, parameters = "realm = ? AND entity = ?", [realm, page.entity]
    if wanted:
        where += f" AND ({' OR '.join(f'{one} LIKE ?' for one in SEARCHED)})"
        parameters += [f"%{wanted}%"] * len(SEARCHED)
    connection = store().connection()
    (total,) = connection.execute(f"SELECT count(*) FROM objects WHERE {where}", parameters).fetchone()  # noqa: S608
    last = max(1, -(-total // ROWS_PER_PAGE))
    number = min(max(1, request.args.get("page", 1, type=int)), last)
    rows = connection.execute(
        f"SELECT body FROM objects WHERE {where} ORDER BY {page.order} LIMIT ? OFFSET ?",  # noqa: S608
        (*parameters, ROWS_PER_PAGE, (number - 1) * ROWS_PER_PAGE),
    )
    records = [decode(body) for (body,) in rows]
    return render_template(
        "list.html",
        **head,
        records=[
            (record["Id"], record.get("Active", True), [shown(record, column) for column in page.columns])
            for record in records
        ],
        total=total,
        wanted=wanted,
        number=number,
        last=last,
    )


@blueprint.route("/app/<realm>/<any(customer, item):one>/new", methods=["GET", "POST"])
def new(realm: str, one: str) -> str | Response | tuple[str, int]:
    page = page_of(one)
    fresh: Json = {"Active": True, "Taxable": page.entity == "Customer"}
    return _form(realm, page, fresh, operation="create")


@blueprint.route("/app/<realm>/<one>/<int:key>/edit", methods=["GET", "POST"])
def edit(realm: str, one: str, key: int) -> str | Response | tuple[str, int]:
    page = page_of(one)
    body = stored(realm, page, key)
    if not page.can_edit(body):
        abort(404)
    return _form(realm, page, body, operation="update")


def _form(realm: str, page: Page, body: Json, *, operation: str) -> str | Response | tuple[str, int]:
    company_name(realm)  # 404 before anything is written
    values, error = form_values(page, body), ""
    if request.method == "POST":
        try:
            key = _save(realm, page, body, operation)
            return redirect(url_for("page_actions.record", realm=realm, one=page.one, key=key), 303)
        except Refusal as refusal:
            error = refusal.errors[0].detail
            values = typed_values(page, request.form)
    html = render_template(
        "form.html",
        **frame(realm, page),
        values=values,
        error=error,
        key=body.get("Id"),
        token=body.get("SyncToken"),
    )
    return (html, 400) if error else html


def _save(realm_id: str, page: Page, former: Json, operation: str) -> str:
    entity = entity_named(page.entity) or abort(404)
    sent = sent_by_form(page, request.form, former)
    with store().writing() as connection:
        realm = Realm(store=store(), connection=connection, realm_id=realm_id)
        if operation == "update":
            sent |= {"Id": former["Id"], "SyncToken": request.form.get("SyncToken", ""), "sparse": True}
        elif page.entity == "Item":
            sent |= {"Type": "Service", "IncomeAccountRef": {"value": "1"}}
        key: str = write(realm, entity, operation, sent)["Id"]
        return key
