"""The query language, read into a value (facts D1)."""

import pytest

from qbo_emulator.ground.refusals import Refusal
from qbo_emulator.query.statement import Condition, Key, parse


def test_every_part_of_a_statement_is_read() -> None:
    statement = parse(
        "Select Id, MetaData.CreateTime From Customer Where Active IN (true,False) And Balance >= 10.5 "
        "And DisplayName like 'A%' OrderBy DisplayName desc, Id MaxResults 20 StartPosition 3"
    )
    assert statement.what == "fields"
    assert statement.fields == ("Id", "MetaData.CreateTime")
    assert statement.entity == "Customer"
    assert statement.conditions == (
        Condition(property="Active", comparison="IN", values=("true", "False")),
        Condition(property="Balance", comparison=">=", values=("10.5",)),
        Condition(property="DisplayName", comparison="LIKE", values=("A%",)),
    )
    assert statement.order == (
        Key(property="DisplayName", descending=True),
        Key(property="Id", descending=False),
    )
    assert (statement.start_position, statement.max_results) == (3, 20)


@pytest.mark.parametrize(
    ("literal", "meant"),
    [
        (r"'Amy\'s'", "Amy's"),
        (r"'back\\slash'", "back\\slash"),
        ("'and OR ( , '", "and OR ( , "),
        ("'“Zoë” 🌱'", "“Zoë” 🌱"),
        ("''", ""),
    ],
)
def test_text_is_read_as_it_was_meant(literal: str, meant: str) -> None:
    (condition,) = parse(f"select * from Customer where DisplayName = {literal}").conditions
    assert condition.values == (meant,)


@pytest.mark.parametrize("spelling", ["ORDERBY", "order by", "Order   By"])
def test_order_by_is_read_with_and_without_a_blank(spelling: str) -> None:
    statement = parse(f"select * from Item {spelling} Name")
    assert [key.property for key in statement.order] == ["Name"]
    assert statement.order_by_with_blank == ("line 1, column 20" if " " in spelling else None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "select * from",
        "delete from Customer",
        "select * from Customer where",
        "select * from Customer where not Active = true",
        "select * from Customer join Invoice",
        "select * from Customer where Id in ()",
        "select * from Customer; drop table objects",
    ],
)
def test_what_the_language_does_not_have_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse(text)
    assert refused.value.errors[0].code == "4000"
