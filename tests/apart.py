"""Two names that a person tells apart at a glance, generated: by digits, signs, unit numbers, marks."""

from hypothesis import strategies as st

Two = tuple[str, str]

_number = st.integers(min_value=0, max_value=999).map(str)
_unit = st.sampled_from([" hr", " Ton", "h", " HP", " %", "", " x 25 x 1"])
_before = st.sampled_from(["Labor", "Unit", "Apt", "Suite", "#", "Filter", "Phase", "Dr. Lee", "A&B", "Río"])
#: Of several scripts: letters, and marks that make other words of them.
_SCRIPTS = (
    ("\u0915\u092e\u0932", "\u093e\u093f\u0940\u0941\u0947\u094b\u0902"),  # Hindi
    ("\u0e01\u0e19\u0e21", "\u0e34\u0e35\u0e36\u0e37\u0e38\u0e48\u0e49"),  # Thai
    ("\u0643\u062a\u0628", "\u064e\u064f\u0650\u0651\u0652"),  # Arabic
    ("\u05d3\u05d1\u05e8", "\u05b0\u05b4\u05b5\u05b8\u05bc"),  # Hebrew
    ("\u0b95\u0bae\u0bb2", "\u0bbe\u0bbf\u0bc0\u0bc6\u0bcd"),  # Tamil
    ("aou", "\u0300\u0301\u0302\u0303\u0308\u0323"),  # Latin, as in Vietnamese
)


_SAME = {"\u2013": "-", "\u200b": " "}


@st.composite
def _numbers(draw: st.DrawFn) -> Two:
    one, other = draw(st.lists(_number, min_size=2, max_size=2, unique=True))
    unit = draw(_unit)
    return f"{one}{unit}", f"{other}{unit}"


@st.composite
def _between_digits(draw: st.DrawFn) -> Two:
    signs = st.sampled_from([*"-/.,+*'x=~", " ", " - ", ", ", "\u2013", "\u2044", "\u200b"])
    # Dashes of any length are one sign, and so are blanks, seen or not.
    one, other = draw(st.lists(signs, min_size=2, max_size=2, unique_by=lambda sign: _SAME.get(sign, sign)))
    first, second, unit = draw(_number), draw(_number), draw(_unit)
    return f"{first}{one}{second}{unit}", f"{first}{draw(st.sampled_from([other, '']))}{second}{unit}"


@st.composite
def _at_a_digit(draw: st.DrawFn) -> Two:
    number, unit = draw(_number), draw(_unit)
    sign = draw(st.sampled_from([*"-+<>~=.", "\u00b1", "\u2264", "\u2212", "- ", "$", "-$", "\u20ac"]))
    after = draw(st.sampled_from([*"+%\u00b0\"'", "\u00b2", "\u00bd", "\u2030"]))
    return draw(
        st.sampled_from(
            [
                (f"{sign}{number}{unit}", f"{number}{unit}"),
                (f"{number}{after} deep", f"{number} deep"),
                (f"<{number}{unit}", f">{number}{unit}"),
            ]
        )
    )


@st.composite
def _other_digits(draw: st.DrawFn) -> Two:
    """Fractions, powers and digits of other scripts are no other number written on a keyboard."""
    number = draw(_number)
    sign, typed = draw(
        st.sampled_from(
            [
                ("\u00bd", "1/2"),
                ("\u00b2", "2"),
                ("\u2460", "1"),
                ("\u2163", "6"),
                ("\uff11", "2"),
                ("\u0663", "2"),
            ]
        )
    )
    return f"{number}{sign}", f"{number}{typed}"


@st.composite
def _marks(draw: st.DrawFn) -> Two:
    letters, marks = draw(st.sampled_from(_SCRIPTS))
    word = draw(st.text(letters, min_size=1, max_size=4))
    one, other = draw(st.lists(st.sampled_from(["", *marks]), min_size=2, max_size=2, unique=True))
    return f"{word}{one} {letters}", f"{word}{other} {letters}"


@st.composite
def two_apart(draw: st.DrawFn) -> Two:
    """Two names that mean two things."""
    before = draw(_before)
    one, other = draw(st.one_of(_numbers(), _between_digits(), _at_a_digit(), _other_digits(), _marks()))
    blank = draw(st.sampled_from([" ", "  ", " ("]))
    return f"{before}{blank}{one}", f"{before}{blank}{other}"
