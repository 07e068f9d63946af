"""Which widget for which front end, as a table."""

import pytest

from pinokiocloud.choose import MISSING_ANYWIDGET, MISSING_IN_SERVER, RELOAD, Choice, Facts, choose_widget

HOSTED = ["colab", "kaggle", "vscode"]


@pytest.mark.parametrize("front_end", HOSTED)
@pytest.mark.parametrize("ours", ["missing", "new", "ready"])
def test_hosted_front_ends_find_only_anywidget(front_end, ours):
    facts = Facts(front_end, ipywidgets=True, anywidget=True, our_extension=ours, anywidget_extension="missing")
    assert choose_widget(facts) == Choice("anywidget")


@pytest.mark.parametrize("front_end", HOSTED)
def test_hosted_front_ends_without_anywidget_say_what_to_install(front_end):
    facts = Facts(front_end, ipywidgets=True, anywidget=False, our_extension="ready", anywidget_extension="missing")
    assert choose_widget(facts) == Choice("text", MISSING_ANYWIDGET)


@pytest.mark.parametrize(
    ("ours", "anywidgets", "expected"),
    [
        ("ready", "ready", Choice("own")),
        ("ready", "missing", Choice("own")),
        ("new", "ready", Choice("anywidget")),
        ("new", "new", Choice("own", RELOAD)),
        ("new", "missing", Choice("own", RELOAD)),
        ("disabled", "ready", Choice("anywidget")),
        ("disabled", "new", Choice("anywidget", RELOAD)),
        ("missing", "ready", Choice("anywidget")),
        ("missing", "new", Choice("anywidget", RELOAD)),
        ("missing", "missing", Choice("text", MISSING_IN_SERVER)),
        ("missing", "disabled", Choice("text", MISSING_IN_SERVER)),
    ],
)
def test_a_jupyter_server_shows_what_its_open_pages_know(ours, anywidgets, expected):
    facts = Facts("jupyter", ipywidgets=True, anywidget=True, our_extension=ours, anywidget_extension=anywidgets)
    assert choose_widget(facts) == expected


def test_a_disabled_extension_is_named_when_nothing_else_can_show_the_tabs():
    facts = Facts("jupyter", ipywidgets=True, anywidget=True, our_extension="disabled", anywidget_extension="missing")
    choice = choose_widget(facts)
    assert choice.kind == "text" and "jupyter labextension enable pinokiocloud" in choice.note


def test_the_front_end_part_of_anywidget_is_no_use_to_a_kernel_without_it():
    facts = Facts("jupyter", ipywidgets=True, anywidget=False, our_extension="missing", anywidget_extension="ready")
    assert choose_widget(facts) == Choice("text", MISSING_IN_SERVER)


@pytest.mark.parametrize("front_end", [*HOSTED, "jupyter"])
def test_without_ipywidgets_there_are_no_tabs(front_end):
    facts = Facts(front_end, ipywidgets=False, anywidget=False, our_extension="ready", anywidget_extension="ready")
    choice = choose_widget(facts)
    assert choice.kind == "text" and "pip install ipywidgets" in choice.note


def test_a_terminal_is_pointed_to_the_command_line():
    facts = Facts("terminal", ipywidgets=True, anywidget=True, our_extension="ready", anywidget_extension="ready")
    choice = choose_widget(facts)
    assert choice.kind == "text" and "pinokiocloud --help" in choice.note
