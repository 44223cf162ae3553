"""The forms of a page, read as a browser reads them, and what it sends of each when nothing is touched."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode

NOT_SENT = {"submit", "button", "reset", "image"}
#: Of these a person fills in none.
NOT_TYPED = NOT_SENT | {"hidden"}


@dataclass(kw_only=True)
class Form:
    """One form: where it goes, and its fields as they stand."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    #: Names of what a person can fill in.
    typed: set[str] = field(default_factory=set)
    #: Names of those in which a text is typed, of those for a figure, and of those for a day.
    texts: set[str] = field(default_factory=set)
    figures: set[str] = field(default_factory=set)
    days: set[str] = field(default_factory=set)
    #: Name and value of each button that is seen, in their order.
    buttons: list[tuple[str, str]] = field(default_factory=list)

    @property
    def body(self) -> str:
        """What its first button sends, unless that is one of a row; then nothing is pressed but Save."""
        pressed = [each for each in self.buttons[:1] if each[0] and not self.saves]
        return urlencode([*self.fields, *pressed])

    @property
    def saves(self) -> bool:
        """Whether one of its buttons has no name: Save, whatever other buttons stand above it."""
        return any(not name for name, _ in self.buttons)

    def with_values(self, **values: str) -> str:
        """The same with something typed into it; `__` stands for the hyphen of a name."""
        wanted = {name.replace("__", "-"): value for name, value in values.items()}
        return urlencode(
            [*((name, text) for name, text in self.fields if name not in wanted), *wanted.items()]
        )


def forms_of(page: str) -> list[Form]:
    """Every form of the page that writes."""
    reader = _Reader()
    reader.feed(page)
    return [form for form in reader.forms if form.method == "post"]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select: str | None = None
        self._options: list[tuple[str, bool]] = []
        self._area: str | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(action=given.get("action", ""), method=given.get("method", "get").lower())
            self.forms.append(self._form)
        if self._form is None or "disabled" in given:
            return
        name = given.get("name", "")
        if tag == "input":
            self._input(self._form, name, given)
        elif tag == "button" and given.get("type", "submit") == "submit" and "hidden" not in given:
            self._form.buttons.append((name, given.get("value", "")))
        elif tag == "select":
            self._select, self._options = name, []
        elif tag == "option" and self._select is not None:
            self._options.append((given.get("value", ""), "selected" in given))
        elif tag == "textarea":
            self._area, self._text = name, ""

    @staticmethod
    def _input(form: Form, name: str, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        if kind not in NOT_TYPED:
            form.typed.add(name)
        if given.get("inputmode") == "decimal":
            form.figures.add(name)
        elif kind == "text":
            form.texts.add(name)
        if kind == "date":
            form.days.add(name)
        if kind in {"checkbox", "radio"}:
            if "checked" in given:
                form.fields.append((name, given.get("value", "on")))
        elif name and kind not in NOT_SENT:
            form.fields.append((name, given.get("value", "")))

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        if self._form is None:
            return
        if tag == "textarea" and self._area is not None:
            # A browser drops the line end right after the tag, and sends the others as two signs.
            text = self._text.replace("\r\n", "\n").removeprefix("\n").replace("\n", "\r\n")
            self._form.fields.append((self._area, text))
            self._form.typed.add(self._area)
            self._form.texts.add(self._area)
            self._area = None
        elif tag == "select" and self._select is not None:
            chosen = [value for value, selected in self._options if selected]
            self._form.fields.append((self._select, (chosen or [self._options[0][0]])[0]))
            self._form.typed.add(self._select)
            self._select = None
