"""Guards of belonging: nobody sees or touches another company's data, and tokens stay secret."""

from tests.sabotage.guard import Edit, Guard, one

VIEWS, CONNECTION = "quickbooks_sync/pages/views.py", "quickbooks_sync/access/connection.py"
CONNECTING = "integration/sync/test_connection.py::"
TENANCY = "integration/sync/test_tenancy.py::"
ACCESS = "integration/app/test_access.py::"
SIDE = "integration/sync/test_side_by_side.py::"

BELONGING = (
    Guard(
        name="State of OAuth",
        prevents="Somebody is tricked into joining their company to the attacker's books",
        off="any answer is taken",
        edits=one(
            VIEWS,
            "    if not expected or not constant_time_compare(expected, given):\n",
            "    if False:\n",
        ),
        red=(
            f"{CONNECTING}test_an_answer_without_our_state_connects_nothing",
            f"{CONNECTING}test_an_answer_meant_for_somebody_elses_browser_connects_nothing",
        ),
    ),
    Guard(
        name="An answer of QuickBooks is good once",
        prevents="An address from the browser's history connects again",
        off="the state stays",
        edits=one(VIEWS, "request.session.pop(STATE_KEY, None)", "request.session.get(STATE_KEY)"),
        red=(f"{CONNECTING}test_an_answer_is_good_once",),
    ),
    Guard(
        name="Forms carry their own token (CSRF)",
        prevents="Another site presses Disconnect in the name of whoever is logged in",
        off="the middleware is left out",
        edits=one(
            "service_genius_site/settings.py", '    "django.middleware.csrf.CsrfViewMiddleware",\n', ""
        ),
        red=(f"{TENANCY}test_what_changes_something_needs_the_forms_own_token",),
    ),
    Guard(
        name="A company stays with its books",
        prevents="After a reconnect to other books every Link points to somebody else's customers",
        off="any books will do",
        edits=one(
            CONNECTION, "    if bound is not None and bound.realm_id != realm_id:\n", "    if False:\n"
        ),
        red=(f"{CONNECTING}test_another_quickbooks_company_is_refused_with_both_names",),
    ),
    Guard(
        name="Books belong to one company",
        prevents="Connecting the books of another company ends in an error page, and ends their access",
        off="nobody looks",
        edits=one(CONNECTION, "    if others.exclude(company=company).exists():\n", "    if False:\n"),
        red=(f"{CONNECTING}test_a_quickbooks_company_belongs_to_one_company_of_ours",),
        raises="IntegrityError",  # the database stands behind it
    ),
    Guard(
        name="The books named in the address are read with their own token",
        prevents="A changed address joins a company to books it has no access to",
        off="the address is believed",
        edits=one(CONNECTION, "    name = name_of(realm_id, tokens.access_token)\n", '    name = ""\n'),
        red=(f"{CONNECTING}test_a_code_connects_no_company_but_its_own",),
    ),
    Guard(
        name="Tokens are encrypted",
        prevents="Whoever reads a backup can read and write the books",
        off="stored as they are",
        edits=(
            Edit(
                file="quickbooks_sync/access/vault.py",
                old="    return _fernet().encrypt(token.encode()).decode()\n",
                new="    return token\n",
            ),
            Edit(
                file="quickbooks_sync/access/vault.py",
                old="        return _fernet().decrypt(sealed.encode()).decode()\n",
                new="        return sealed\n",
            ),
        ),
        red=(f"{CONNECTING}test_no_token_stands_in_the_database_as_it_is",),
    ),
    Guard(
        name="Requests do not show their token",
        prevents="A log or an error page holds a token",
        off="the headers are shown like everything else",
        edits=one(
            "qbo/sender.py",
            "    headers: Mapping[str, str] = field(repr=False)\n",
            "    headers: Mapping[str, str]\n",
        ),
        red=("unit/qbo/test_sender.py::test_a_request_shows_neither_token_nor_body",),
    ),
    Guard(
        name="Only owners connect",
        prevents="Everybody of the office can join the company to other books",
        off="every role will do",
        edits=one(
            "service_genius/shared/tenancy.py",
            "        if not request.user.is_owner:\n",
            "        if False:\n",
        ),
        red=(f"{TENANCY}test_the_office_neither_connects_nor_disconnects",),
    ),
    Guard(
        name="Every page asks who is there",
        prevents="Anybody on the network reads the customers",
        off="nobody has to log in",
        edits=one(
            "service_genius/shared/tenancy.py",
            "        if not request.user.is_authenticated:\n",
            "        if False:\n",
        ),
        red=(f"{TENANCY}test_whoever_is_not_logged_in_is_sent_to_the_log_in",),
        raises="AttributeError",
    ),
    Guard(
        name="A run is shown to its company alone",
        prevents="A stranger reads every change of a run by counting addresses up",
        off="any run is shown",
        edits=one(
            VIEWS,
            "get_object_or_404(runs, pk=id, connection__company=company)",
            "get_object_or_404(runs, pk=id)",
        ),
        red=(f"{TENANCY}test_another_company_gets_404_for_every_record",),
    ),
    Guard(
        name="An Issue is answered by its company alone",
        prevents="A stranger links, renames and removes records of another company",
        off="any Issue will do",
        edits=one(
            "quickbooks_sync/pages/attention_views.py",
            "    found = Issue.objects.filter(pk=id, connection__company=company).first()\n"
            "    if found is None:\n        return answered_already(request, company, id)\n    try:\n",
            "    found = get_object_or_404(Issue, pk=id)\n    try:\n",
        ),
        red=(f"{TENANCY}test_another_company_gets_404_for_every_record",),
    ),
    Guard(
        name="A run is answered and stopped by its company alone",
        prevents="A stranger stops a run, or lets one go on that asks whether it may remove everything",
        off="any run will do",
        edits=one(
            VIEWS,
            "    return get_object_or_404(SyncRun, pk=id, connection__company=company)\n",
            "    return get_object_or_404(SyncRun, pk=id)\n",
        ),
        red=(f"{TENANCY}test_another_company_gets_404_for_every_record",),
    ),
    Guard(
        name="A preview is carried out by its company alone",
        prevents="A stranger starts a run of another company",
        off="any preview will do",
        edits=one(
            VIEWS,
            "    shown = get_object_or_404(SyncRun, pk=id, connection__company=company)\n",
            "    shown = get_object_or_404(SyncRun, pk=id)\n",
        ),
        red=(f"{TENANCY}test_another_company_gets_404_for_every_record",),
    ),
    Guard(
        name="Needs attention shows one's own",
        prevents="The page lists the customers of other companies",
        off="it lists all there are",
        edits=one(
            "quickbooks_sync/pages/attention.py",
            "    return Issue.objects.filter(connection__company=company).select",
            "    return Issue.objects.select",
        ),
        red=(f"{SIDE}test_needs_attention_lists_ones_own",),
    ),
    Guard(
        name="An answer names records of one's own books",
        prevents="A customer is linked with an object of another company's books",
        off="the id alone is looked for",
        edits=one(
            "quickbooks_sync/resolving/shared.py",
            "connection=issue.connection, entity=entity, remote_id=remote_id, deleted=False",
            "entity=entity, remote_id=remote_id, deleted=False",
        ),
        red=(f"{TENANCY}test_an_answer_cannot_name_a_record_of_another_company",),
    ),
    Guard(
        name="Operations reach into one company",
        prevents="An id from another company's page is edited",
        off="the id alone is looked for",
        edits=one(
            "service_genius/shared/writing.py",
            "    record = model._default_manager.get(company=company, pk=pk)",
            "    record = model._default_manager.get(pk=pk)",
        ),
        red=("integration/app/test_revisions.py::test_no_operation_reaches_into_another_company",),
    ),
    Guard(
        name="What is seen belongs to its books",
        prevents="An edit there counts as old, because another company's object of that id is newer",
        off="the directory is searched by id alone",
        edits=one(
            "quickbooks_sync/memory/directory.py",
            "connection=connection, entity=entity, remote_id__in=ids\n    ).select_",
            "connection__in=[connection, *range(99)], entity=entity, remote_id__in=ids\n    ).select_",
        ),
        red=(f"{SIDE}test_what_one_has_of_an_id_is_not_what_the_other_has",),
    ),
    Guard(
        name="A match is sought in its own books",
        prevents="A customer is paired with one of another company",
        off="sought everywhere",
        edits=one(
            "quickbooks_sync/gathering/compared.py",
            "known = Remote.objects.filter(connection=session.connection, entity=kind.entity, deleted=False)",
            "known = Remote.objects.filter(entity=kind.entity, deleted=False)",
        ),
        red=(f"{SIDE}test_what_one_company_has_only_looked_at_is_nothing_to_the_other",),
    ),
    Guard(
        name="A name is taken in its own books",
        prevents="A name is refused because a customer of another company has it",
        off="any books count",
        edits=one(
            "quickbooks_sync/gathering/names.py",
            "connection=connection, entity__in=entities, deleted=False, folded",
            "connection__in=[connection, *range(99)], entity__in=entities, deleted=False, folded",
        ),
        red=(f"{SIDE}test_what_one_company_has_only_looked_at_is_nothing_to_the_other",),
    ),
    Guard(
        name="References within one connection",
        prevents="What a record there refers to is taken for another company's, and counts as changed",
        off="any Link with that id",
        edits=one(
            "quickbooks_sync/gathering/references.py",
            "connection=connection, entity=entity, remote_id__in=ids, link",
            "connection__in=[connection, *range(99)], entity=entity, remote_id__in=ids, link",
        ),
        red=(f"{SIDE}test_what_a_record_refers_to_is_found_in_its_own_books",),
    ),
    Guard(
        name="A run works on its own Links",
        prevents="The records of another company are sent into these books",
        off="on whatever is open",
        edits=one(
            "quickbooks_sync/sending/waves.py",
            "connection=connection, kind=kind, open=True, state=Link.State.ACTIVE",
            "connection__in=[connection, *range(99)], kind=kind, open=True, state=Link.State.ACTIVE",
        ),
        red=(f"{SIDE}test_what_one_company_has_only_looked_at_is_nothing_to_the_other",),
    ),
    Guard(
        name="A run finds out about its own Sendings",
        prevents="The lost write of another company is looked for, and sent again, in these books",
        off="about all that are open",
        edits=one(
            "quickbooks_sync/recovery/lost_answers.py",
            "rows = Sending.objects.filter(connection=session.connection, state=Sending.State.OPEN)",
            "rows = Sending.objects.filter(state=Sending.State.OPEN)",
        ),
        red=(f"{SIDE}test_a_lost_answer_of_one_is_found_out_by_that_one",),
    ),
    Guard(
        name="A look at records here is a look at one company's",
        prevents="Customers of every company are sent into these books",
        off="all customers there are",
        edits=one(
            "quickbooks_sync/kinds/customer.py",
            "        return Customer.objects.filter(company=company)\n",
            "        return Customer.objects.all()\n",
        ),
        red=(f"{SIDE}test_the_lists_of_two_companies_never_meet",),
    ),
    Guard(
        name="Look-alikes: linked in these books",
        prevents="What another company has linked under that id counts as ours, and its twin is sent",
        off="linked anywhere",
        edits=one(
            "quickbooks_sync/memory/directory.py",
            "connection=connection, entity=entity, remote_id__in=ids, link",
            "connection__in=[connection, *range(99)], entity=entity, remote_id__in=ids, link",
        ),
        red=(f"{SIDE}test_an_invoice_entered_by_hand_is_asked_about_although_the_neighbours_has_its_id",),
    ),
)
