"""What a person typed, dropped or trained is shown as it is: no markup, link, picture, icon or formula."""

import random
import re
import string

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.components.say import INVISIBLE, plain

HOSTILE = (
    "**bold** __bold__ *it* _it_ ~~gone~~ ~sub~ ==mark==",
    "[a](http://b.c) [a][1] [^1] [ ] <http://b.c>",
    "![i](http://x.y/z.png)",
    "<script>alert(1)</script> <b onclick=x>b</b> <!-- c -->",
    "&lt;b&gt; &amp; &#60;script&#62;",
    ":red[x] :blue-background[x] :green-badge[x] :small[x] :color[x]{foreground=red}",
    ":material/home: :smile: :streamlit: :material_home:",
    "$x^2$ $$x$$ \\(x\\) \\[x\\]",
    "`code` ``code`` ```code```",
    "# title",
    "### title ###",
    "> quoted",
    "- item",
    "+ item",
    "* item",
    "1. item",
    "1) item",
    "---",
    "***",
    "===",
    "| a | b |",
    "www.example.com WWW.example.com https://example.com ftp://example.com mailto:a@b.c a@b.com",
    "a -> b <- c <-> d -- e >= f <= g ~= h",
    "\\*x\\* \\ \\\\",
    "a\\",
    "x" * 100_000,
    "E:\\folder\\*.png",
    "100 % sure this is a giant panda.",
    "größe 鳥 🐼",
    "",
)
# What Streamlit's page looks for in the finished text, behind Markdown's own escapes.
FOUND_LATER = (
    r":[\w+-][\w+-]*[\[:/]",
    r"https?://",
    r"www\.",
    r"[-.\w+]@[-\w]",
    r"(^|\s)(<->|->|<-|--|>=|<=|~=)(\s|$)",
)
OPENING = "\\`*_{}[]()#+-.!|$~<>&^"


def shown(markdown):
    """The text that Markdown makes of its escapes."""
    return re.sub(r"\\([" + re.escape(string.punctuation) + "])", r"\1", markdown)


def unescaped(markdown):
    """What is left when every escaped character is taken away."""
    return re.sub(r"\\.", "", markdown)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:20]))
def test_a_text_shows_exactly_as_it_is(text):
    assert shown(plain(text)).replace(INVISIBLE, "").replace("\u00a0", " ") == text


def test_a_number_stays_on_the_line_of_its_unit():
    said = plain("97 % in 12 ms, 4.65 M of 9 MB; 3 pictures, 224 x 224, 5 minutes")
    assert (
        shown(said) == "97\u00a0% in 12\u00a0ms, 4.65\u00a0M of 9\u00a0MB; 3 pictures, 224 x 224, 5 minutes"
    )


def check(text):
    markdown = plain(text)
    assert not set(unescaped(markdown)) & set(OPENING)
    for pattern in FOUND_LATER:
        assert not re.search(pattern, shown(markdown), re.IGNORECASE), (pattern, text)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:20]))
def test_nothing_is_left_that_opens_markup(text):
    check(text)


@pytest.mark.parametrize("seed", range(200))
def test_nothing_is_left_in_any_mixture(seed):
    rng = random.Random(seed)
    pieces = (*OPENING, *HOSTILE[:25], " ", ":", "@", "=", "www", "a", "http", "/", "\n", "\t")
    check("".join(rng.choices(pieces, k=30)))


@pytest.mark.parametrize("text", ["a\nb", "a\n\n# b", "a\r\nb", "  a\tb  ", "a\u2028b", "    a b"])
def test_a_text_is_one_line(text):
    assert plain(text).split("\n") == [plain(text)]
    assert not plain(text).startswith(" ")
    assert not plain(text).endswith(" ")


def test_ordinary_sentences_hold_nothing_invisible():
    """Or they could not be searched for, or copied."""
    assert INVISIBLE not in plain("Not drawn: the gap is 30 %; T-shirt/top, 28 x 28 (see README.md), e-mail")


def test_sentences_reach_the_page_escaped():
    def page():
        from dashboard.components import say

        say.problem("no **x**")
        say.warning("no :red[x]")
        say.note("no $x$")

    at = AppTest.from_function(page, default_timeout=30).run()
    assert not at.exception
    assert [element.value for element in (*at.error, *at.warning, *at.info)] == [
        plain("no **x**"),
        plain("no :red[x]"),
        plain("no $x$"),
    ]
