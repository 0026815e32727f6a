"""The house keeps its shape: imports run one way, state and caches have one owner, nothing dangerous is called.

Each check reads the source as a syntax tree and tells what is wrong; the last test shows that each can fail.
"""

import ast
import fnmatch
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import pytest

from dashboard.inspection.attribution import METHODS
from dashboard.inspection.history import HISTORY_METHODS
from dashboard.inspection.table import TABLE_METHODS
from dashboard.inspection.text import TEXT_METHODS
from dashboard.navigation import PAGES
from models import zoo
from models.datasets import DATASETS
from models.networks import ON_BOARD
from tests.paths import ROOT

PACKAGES = ("dashboard", "models")
TOP_LEVEL = {
    "app.py",
    "pyproject.toml",
    "README.md",
    "LICENSE",
    "dashboard",
    "models",
    "tests",
    "assets",
    "findings",
}

# Part of the house -> the parts it may import. A new module of `dashboard` takes its place here.
MAY_IMPORT: dict[str, set[str]] = {
    "app": {"serving", "sign_in", "navigation", "components", "models"},
    "serving": {"sign_in", "cache", "components", "models"},
    "pages": {"navigation", "session", "components", "charts", "wording", "inspection", "runs", "models"},
    "components": {
        "session",
        "sign_in",
        "cache",
        "navigation",
        "pictures",
        "texts",
        "tables",
        "charts",
        "jobs",
        "inspection",
        "selection",
    }
    | {"view", "results", "wording", "report", "runs", "records", "parameters", "unclaimed", "models"},
    # The terminal makes a report where no page and no session is: what it shares with the pages lies below both.
    "report": {"view", "results", "wording", "charts", "jobs", "inspection", "records", "runs", "selection"}
    | {"navigation", "known", "parameters", "pictures", "models"},
    "results": {"view", "jobs", "parameters", "pictures", "tables", "inspection", "records", "models"},
    "view": {"parameters", "pictures", "inspection", "records", "runs", "selection", "models"},
    "known": {"pictures", "inspection", "runs", "selection", "models"},
    "session": {"known", "sign_in", "parameters", "pictures", "selection", "unclaimed", "models"},
    "unclaimed": {"models"},
    "sign_in": {"models"},
    "runs": {"records", "models"},
    "cache": {"pictures", "inspection", "records", "models"},
    "pictures": {"models"},
    "texts": {"models"},
    "tables": {"models"},
    "charts": {"wording", "records", "models"},
    "wording": {"inspection", "records", "runs", "models"},
    "inspection": {"records", "models"},
    "records": {"models"},
    "selection": {"parameters", "models"},
    "navigation": set(),
    "parameters": set(),
    "jobs": {"models"},
    "models": set(),
    "dashboard": set(),
}
# Room of `dashboard.inspection` -> the rooms of it that it may import, itself among them, on three floors: the engine,
# what goes over many pictures or asks for an answer, and the subjects, which do not know each other.
ENGINE = {"engine"}
PASSES = ENGINE | {"passes", "prediction"}
INSPECTION: dict[str, set[str]] = {
    "engine": ENGINE,
    "passes": PASSES,
    "prediction": PASSES,
    "kinds": {"kinds"} | PASSES,
    **{
        room: {room} | PASSES
        for room in (
            "activations",
            "architecture",
            "attribution",
            "embedding",
            "evaluation",
            "surrogate",
            "weights",
        )
    },
    # Arrows between subjects are few. To measure a map is to make it again, of random weights and near the picture.
    "faithfulness": {"faithfulness", "attribution"} | PASSES,
    # What is painted over is hidden as maps hide it: by their baselines, in their superpixels.
    "whatif": {"whatif", "attribution"} | PASSES,
    # What a head reads of its pictures is what an embedding lays out.
    "influence": {"influence", "embedding"} | PASSES,
    # Words are judged as pixels are, lie near each other as pictures do, and a tree on them is grown as any other.
    "text": {"text", "attribution", "embedding", "surrogate"} | PASSES,
    "table": {"table", "attribution", "surrogate"} | PASSES,
    "history": {"history", "attribution"} | PASSES,
}
DEEP = {"torch", "torchvision", "timm", "captum", "safetensors"}
DRAWN = {"streamlit", "plotly"}
# Part -> libraries it must not import, not even inside a function.
MUST_NOT_IMPORT = {
    "app": DEEP | {"plotly"},
    "serving": DEEP | {"plotly"},
    "pages": DEEP | {"plotly"},
    "components": {"plotly"},
    "session": DEEP | {"plotly"},
    "unclaimed": DEEP | {"plotly"},
    "sign_in": DEEP | {"plotly"},
    "cache": {"plotly"},
    "report": DEEP | {"streamlit"},
    "results": DRAWN,
    "wording": DEEP | DRAWN,
    "view": DRAWN,
    "known": DEEP | DRAWN | {"numpy", "PIL"},
    "pictures": DEEP | DRAWN,
    "texts": DEEP | DRAWN,
    "tables": DEEP | DRAWN,
    "runs": DEEP | DRAWN | {"numpy", "PIL"},
    "inspection": DRAWN,
    "charts": DEEP | {"streamlit"},
    "selection": DEEP | DRAWN | {"numpy", "PIL"},
    "records": DEEP | DRAWN | {"PIL"},
    "navigation": DEEP | DRAWN,
    "parameters": DEEP | DRAWN,
    "jobs": DEEP | DRAWN | {"numpy", "PIL"},
    "models": DRAWN,
    "dashboard": DEEP | DRAWN,
}
# The rooms of models: each may import those before it, all of them the grounds, and networks.py all of them.
ROOMS = (
    "runtime",
    "photos",
    "tensorboard",
    "datasets",
    "zoo",
    "checkpoints",
    "text",
    "table",
    "history",
    "training",
)
GROUNDS = {
    "baseline",
    "classifier",
    "contract",
    "head",
    "kinds",
    "meaning",
    "outputs",
    "parametrisations",
    "preprocessing",
    "scores",
    "trial",
}
TOP = "models.networks"
STATE = {"session_state", "query_params"}
ENVIRONMENT = {"environ", "environb", "getenv", "getenvb", "putenv", "unsetenv"}
PROCESSES = {"Popen", "check_call", "check_output", "fork", "popen", "posix_spawn", "spawnv"}
CACHES = {"cache_data", "cache_resource"}
DANGEROUS_MODULES = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "marshal", "shelve"}
# What torch.load(weights_only=True) raises for a file that it refuses.
HARMLESS_IMPORTS = {"pickle.UnpicklingError"}
DANGEROUS_CALLS = {"eval", "exec", "__import__", "os.system", "torch.jit.load", "torch.export.load"}
DANGEROUS_SETTINGS = {("weights_only", False), ("allow_pickle", True), ("shell", True), ("trust_repo", True)}
TABLES = {
    "METHODS",
    "TEXT_METHODS",
    "TABLE_METHODS",
    "HISTORY_METHODS",
    "MODELS",
    "ON_BOARD",
    "DATASETS",
    "PAGES",
    "SOURCES",
    "CHAPTERS",
}
# Room of `dashboard.inspection` -> its table of methods.
METHODS_OF: dict[str, Mapping[str, Any]] = {
    "attribution": METHODS,
    "text": TEXT_METHODS,
    "table": TABLE_METHODS,
    "history": HISTORY_METHODS,
}
ENTRIES = {
    *METHODS,
    *TEXT_METHODS,
    *TABLE_METHODS,
    *HISTORY_METHODS,
    *ON_BOARD,
    *DATASETS,
    *(page.script for page in PAGES),
}


@dataclass
class Source:
    """One module: its dotted name and what it says."""

    module: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def part(self) -> str:
        return part(self.module)


def part(module: str) -> str:
    """The part of the house that a module of the project belongs to."""
    package, _, rest = module.partition(".")
    return rest.partition(".")[0] or package if package == "dashboard" else package


@cache
def sources() -> list[Source]:
    paths = [
        ROOT / "app.py",
        *(path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))),
    ]
    return [Source(name(path), path.read_text(encoding="utf-8")) for path in paths]


def name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def nodes(tree: ast.Module) -> tuple[ast.AST, ...]:
    """All that a module says, from the outside in."""
    return tuple(ast.walk(tree))


@cache
def imported(tree: ast.Module) -> tuple[str, ...]:
    """Dotted names of all that is imported, inside functions too."""
    return tuple(
        f"{node.module}.{alias.name}" if isinstance(node, ast.ImportFrom) else alias.name
        for node in nodes(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    )


def dotted(node: ast.expr) -> str:
    """`torch.jit.load` for the expression of that form; empty for others."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return ""


def own_imports_run_one_way(source: Source) -> list[str]:
    own = {part(target) for target in imported(source.tree) if target.partition(".")[0] in PACKAGES}
    return [f"imports {other}" for other in own - {source.part, "dashboard"} - MAY_IMPORT[source.part]]


def room(module: str) -> str:
    """The room of `dashboard.inspection` that a module, or what is imported from one, belongs to; empty elsewhere."""
    names = module.split(".")
    return names[2] if names[:2] == ["dashboard", "inspection"] and len(names) > 2 else ""


def inspection_is_built_on_three_floors(source: Source) -> list[str]:
    if not room(source.module):
        return []
    others = {room(target) for target in imported(source.tree)} - {""}
    return [f"imports {other}" for other in others - INSPECTION.get(room(source.module), set())]


def rooms_of_models_run_one_way(source: Source) -> list[str]:
    if source.part != "models" or source.module in ("models", TOP):
        return []
    room = source.module.split(".")[1]
    may = {*GROUNDS, *ROOMS[: ROOMS.index(room) + 1 if room in ROOMS else 1]}
    targets = {target for target in imported(source.tree) if target.partition(".")[0] == "models"}
    return sorted(f"imports {target}" for target in targets if target.split(".")[1] not in may)


def imports_are_absolute(source: Source) -> list[str]:
    return [
        f"line {node.lineno} imports relatively"
        for node in nodes(source.tree)
        if isinstance(node, ast.ImportFrom) and node.level
    ]


def libraries_stay_where_they_belong(source: Source) -> list[str]:
    libraries = {target.partition(".")[0] for target in imported(source.tree)}
    return [f"imports {library}" for library in libraries & MUST_NOT_IMPORT[source.part]]


def records_are_on_the_ground(source: Source) -> list[str]:
    if source.part != "records":
        return []
    others = {
        target
        for target in imported(source.tree)
        if target.partition(".")[0] not in sys.stdlib_module_names
        and not target.startswith("dashboard.records.")
    }
    known = {"numpy", "models.preprocessing.Box", "models.meaning.Reading"}
    return [f"imports {other}" for other in others - known if not other.startswith("dashboard.records.")]


def state_has_one_owner(source: Source) -> list[str]:
    return [] if source.module == "dashboard.session" else sorted(mentioned(source.tree) & STATE)


def the_environment_has_one_owner(source: Source) -> list[str]:
    if source.module == "models.runtime.settings":
        return []
    return sorted(mentioned(source.tree) & ENVIRONMENT)


def processes_have_one_owner(source: Source) -> list[str]:
    if source.module == "models.runtime.child":
        return []
    return sorted(mentioned(source.tree) & PROCESSES)


def caches_have_one_owner(source: Source) -> list[str]:
    return [] if source.module == "dashboard.cache" else sorted(mentioned(source.tree) & CACHES)


def charts_are_drawn_in_one_place(source: Source) -> list[str]:
    drawn = mentioned(source.tree) & {"plotly_chart"}
    return [] if source.module == "dashboard.components.figure" else sorted(drawn)


def boxes_of_the_address_are_made_in_one_place(source: Source) -> list[str]:
    """A box that acts at once may be handed an option that is no more; those of a form are handed on with it."""
    if source.module == "dashboard.components.choice":
        return []
    return [
        f"line {node.lineno}"
        for node in nodes(source.tree)
        if isinstance(node, ast.Call)
        and dotted(node.func).endswith("selectbox")
        and any(keyword.arg == "on_change" for keyword in node.keywords)
    ]


def settings_are_declared_in_one_place(source: Source) -> list[str]:
    """Names of `p.*` are strings there alone; everybody else reads and writes by the declaration."""
    if source.part == "models" or source.module == "dashboard.parameters":
        return []
    types = {f"dashboard.parameters.{name}" for name in ("Flag", "Number", "Option", "Text")}
    declares = {target.rpartition(".")[2] for target in types.intersection(imported(source.tree))}
    offences = []
    for node in nodes(source.tree):
        names: list[ast.expr | None] = []
        if isinstance(node, ast.Call) and (dotted(node.func) in declares or reads_settings(node.func, "get")):
            names = [*node.args[:1]]
        if isinstance(node, ast.Subscript) and reads_settings(node):
            names = [node.slice]
        if isinstance(node, ast.Dict) and any(is_settings(value) for value in node.values):
            names = [*node.keys]
        if (
            isinstance(node, ast.Constant)
            and str(node.value).startswith("p.")
            and str(node.value)[2:].isidentifier()
        ):
            names = [node]
        offences += [
            f"line {name.lineno}: {name.value!r}" for name in names if isinstance(name, ast.Constant)
        ]
    return offences


def reads_settings(node: ast.expr, method: str | None = None) -> bool:
    """Whether it is `<settings>[...]`, or that method of the settings."""
    return (
        isinstance(node, ast.Attribute | ast.Subscript)
        and is_settings(node.value)
        and getattr(node, "attr", None) == method
    )


def is_settings(node: ast.expr) -> bool:
    """Whether it is the settings of an address."""
    return dotted(node).endswith("selection.parameters") or (
        isinstance(node, ast.Call) and dotted(node.func) == "session.settings"
    )


def the_gate_has_one_door(source: Source) -> list[str]:
    known = {"dashboard.jobs", "dashboard.results.result"}
    named = {node.id for node in nodes(source.tree) if isinstance(node, ast.Name)}
    return [] if source.module in known else sorted({"GATE"} & (mentioned(source.tree) | named))


def nothing_is_known_by_its_tensors_alone(source: Source) -> list[str]:
    """Networks of the same tensors may compute something else: their key is that of a Classifier."""
    if (
        source.part == "models" or source.module == "dashboard.report.provenance"
    ):  # where it is told as a fact
        return []
    return [
        f"weights.digest in line {node.lineno}"
        for node in nodes(source.tree)
        if isinstance(node, ast.Attribute) and dotted(node).endswith("weights.digest")
    ]


def mentioned(tree: ast.Module) -> set[str]:
    """Names of attributes and of what is imported."""
    attributes = {node.attr for node in nodes(tree) if isinstance(node, ast.Attribute)}
    return attributes | {target.rpartition(".")[2] for target in imported(tree)}


# Programs that the operator named on the command line; visitors' never get there (tests of checkpoints).
VOUCHED = {"models.checkpoints.programs": {"torch.jit.load", "torch.export.load"}}


def nothing_dangerous_is_imported(source: Source) -> list[str]:
    targets = set(imported(source.tree))
    calls = targets & DANGEROUS_CALLS
    modules = {target for target in targets if target.partition(".")[0] in DANGEROUS_MODULES}
    return sorted((calls | modules) - HARMLESS_IMPORTS)


def nothing_dangerous_is_called(source: Source) -> list[str]:
    calls = [node for node in nodes(source.tree) if isinstance(node, ast.Call)]
    return sorted({dotted(call.func) for call in calls} & DANGEROUS_CALLS - VOUCHED.get(source.module, set()))


def nothing_dangerous_is_switched_on(source: Source) -> list[str]:
    return [
        f"{node.arg} in line {node.value.lineno}"
        for node in nodes(source.tree)
        if isinstance(node, ast.keyword)
        and (
            node.arg == "unsafe_allow_html"
            or (isinstance(node.value, ast.Constant) and (node.arg, node.value.value) in DANGEROUS_SETTINGS)
        )
    ]


def weights_are_loaded_safely(source: Source) -> list[str]:
    return [
        f"torch.load in line {node.lineno} without weights_only=True"
        for node in nodes(source.tree)
        if isinstance(node, ast.Call)
        and dotted(node.func) == "torch.load"
        and not any(
            keyword.arg == "weights_only"
            and isinstance(keyword.value, ast.Constant)
            and keyword.value.value is True
            for keyword in node.keywords
        )
    ]


def nobody_names_an_entry_of_a_table(source: Source) -> list[str]:
    """Only the entries themselves do, and `navigation`, which is a table."""
    if source.part in ("models", "navigation") or room(source.module) in METHODS_OF:
        return []
    strings = {node.value for node in nodes(source.tree) if isinstance(node, ast.Constant)}
    return sorted(entry for entry in ENTRIES if entry in strings)


def circles(modules: list[Source]) -> list[set[str]]:
    """Modules that import each other, directly or through others, as sets; imports inside functions count."""
    names = {source.module for source in modules}
    reached = {
        source.module: {
            target if target in names else target.rpartition(".")[0] for target in imported(source.tree)
        }
        & names
        for source in modules
    }
    while True:  # everything that is reached over one more step, until nothing is new
        further = {
            module: targets.union(*(reached[target] for target in targets))
            for module, targets in reached.items()
        }
        if further == reached:
            break
        reached = further
    rings = {
        frozenset({module, *(other for other in targets if module in reached[other])})
        for module, targets in reached.items()
        if module in targets
    }
    return sorted((set(ring) for ring in rings if len(ring) > 1), key=min)


# The one module that holds colours; a file that a page's theme is made of is no Python.
PALETTE = "dashboard.charts.palette"
COLOUR = re.compile(r"#[0-9a-fA-F]{6}\b|\brgba?\(")


def colours_have_one_owner(source: Source) -> list[str]:
    if source.module == PALETTE:
        return []
    return [
        f"{node.value!r} in line {node.lineno}"
        for node in nodes(source.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and COLOUR.search(node.value)
    ]


CHECKS: tuple[Callable[[Source], list[str]], ...] = (
    own_imports_run_one_way,
    inspection_is_built_on_three_floors,
    rooms_of_models_run_one_way,
    imports_are_absolute,
    libraries_stay_where_they_belong,
    records_are_on_the_ground,
    state_has_one_owner,
    the_environment_has_one_owner,
    processes_have_one_owner,
    caches_have_one_owner,
    charts_are_drawn_in_one_place,
    boxes_of_the_address_are_made_in_one_place,
    the_gate_has_one_door,
    nothing_is_known_by_its_tensors_alone,
    settings_are_declared_in_one_place,
    nothing_dangerous_is_imported,
    nothing_dangerous_is_called,
    nothing_dangerous_is_switched_on,
    weights_are_loaded_safely,
    nobody_names_an_entry_of_a_table,
    colours_have_one_owner,
)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_house_keeps_its_shape(check):
    offences = {source.module: found for source in sources() if (found := check(source))}
    assert not offences


def test_no_module_imports_itself_through_others():
    assert circles(sources()) == []


def test_a_circle_would_be_found():
    parts = [
        Source("models.a", "from models import b"),
        Source("models.b", "def f():\n    from models.c import x"),
        Source("models.c", "import models.a\nfrom models.d import x"),
        Source("models.d", "x = 1"),
    ]
    assert circles(parts) == [{"models.a", "models.b", "models.c"}]
    assert circles(parts[1:]) == []


def test_every_room_of_models_is_in_the_order():
    rooms = {path.parent.name for path in (ROOT / "models").glob("*/__init__.py")}
    modules = {path.stem for path in (ROOT / "models").glob("*.py")}
    assert rooms == set(ROOMS)
    assert modules == {*GROUNDS, TOP.rpartition(".")[2], "__init__"}


def test_every_module_has_its_place():
    assert {source.part for source in sources()} == MAY_IMPORT.keys() == MUST_NOT_IMPORT.keys()
    assert len(sources()) > 40


def test_every_room_of_inspection_has_its_floor():
    assert {room(source.module) for source in sources()} - {""} == INSPECTION.keys()


def places(table: str, found: list[Source]) -> list[str]:
    """Modules that assign that name at their top level."""
    return [
        source.module
        for source in found
        for node in source.tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if dotted(target) == table
    ]


@pytest.mark.parametrize("table", sorted(TABLES))
def test_a_table_is_in_one_place(table):
    assert len(places(table, sources())) == 1


def test_a_second_table_of_one_name_would_be_found():
    twice = [Source("models.a", "MODELS: dict = {}"), Source("models.b", "MODELS = {}")]
    assert places("MODELS", twice) == ["models.a", "models.b"]


def test_every_method_that_is_written_is_in_the_table():
    """Under a name of its own: in a dict the later of two would silently replace the earlier."""
    written = Counter(room(module) for module in places("METHOD", sources()))
    assert written == {name: len(table) for name, table in METHODS_OF.items()}
    assert all(name == method.name for table in METHODS_OF.values() for name, method in table.items())


def test_tables_are_read_without_the_heavy_libraries():
    heavy = ("captum", "timm", "torchvision", "streamlit", "plotly")
    code = (
        "import sys; import dashboard.navigation, dashboard.inspection.attribution, dashboard.inspection.text; "
        "import models.zoo, models.datasets; "
        f"print(sorted(set({heavy}) & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert (run.stdout.strip(), run.returncode) == ("[]", 0), run.stderr


def top_level() -> set[str]:
    """What lies beside app.py and is, or could be, committed."""
    if (ROOT / ".git").exists() and shutil.which("git"):
        command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
        run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        if run.returncode == 0:
            return {line.strip('"').partition("/")[0] for line in run.stdout.splitlines()}
    lines = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    ignored = [line.strip("/") for line in lines]
    return {
        path.name for path in ROOT.iterdir() if not any(fnmatch.fnmatch(path.name, one) for one in ignored)
    }


def strangers(names: set[str]) -> set[str]:
    return {entry for entry in names if not entry.startswith(".")} - TOP_LEVEL


def test_nothing_else_lies_at_the_top():
    assert "app.py" in top_level()
    assert not strangers(top_level())


def test_a_stranger_at_the_top_would_be_found(monkeypatch):
    assert strangers({"app.py", ".gitignore", "utils.py", "notes"}) == {"utils.py", "notes"}
    monkeypatch.setattr(shutil, "which", lambda command: None)
    assert not strangers(top_level() - {"build", "dist"})


OFFENDING = [
    (own_imports_run_one_way, "models.zoo.x", "from dashboard import records"),
    (own_imports_run_one_way, "models.zoo.x", "def f():\n    import dashboard.records"),
    (own_imports_run_one_way, "dashboard.charts.x", "from dashboard.inspection.attribution import METHODS"),
    (own_imports_run_one_way, "dashboard.inspection.x", "from dashboard.charts import maps"),
    (own_imports_run_one_way, "dashboard.wording.x", "from dashboard.charts.curves import curves"),
    (own_imports_run_one_way, "dashboard.components.x", "from dashboard.pages import overview"),
    (own_imports_run_one_way, "dashboard.jobs", "from dashboard.inspection.prediction import see"),
    (own_imports_run_one_way, "dashboard.session", "from dashboard.components import say"),
    (own_imports_run_one_way, "app", "from dashboard import cache"),
    *((inspection_is_built_on_three_floors, f"dashboard.inspection.{room}", code) for room, code in (
        ("engine.x", "from dashboard.inspection.passes.pool import Pool"),
        ("engine.x", "def f():\n    from dashboard.inspection import weights"),
        ("passes.x", "from dashboard.inspection.activations.stages import stages"),
        ("prediction", "from dashboard.inspection.evaluation import scores"),
        ("activations.x", "import dashboard.inspection.weights.history"),
        ("attribution.x", "from dashboard.inspection.faithfulness.measure import measure"),
        ("faithfulness.x", "from dashboard.inspection.evaluation.scores import rate"),
        ("utils.x", "from dashboard.inspection.engine.isolation import isolate"),
    )),
    (rooms_of_models_run_one_way, "models.runtime.x", "from models.photos import decoding"),
    (rooms_of_models_run_one_way, "models.zoo.x", "def f():\n    from models.training import runs"),
    (rooms_of_models_run_one_way, "models.checkpoints.x", "from models.networks import find_network"),
    (rooms_of_models_run_one_way, "models.classifier", "from models.photos.decoding import decode"),
    (imports_are_absolute, "dashboard.pages.x", "from . import overview"),
    (imports_are_absolute, "models.x", "from .errors import UserError"),
    (libraries_stay_where_they_belong, "models.x", "import streamlit as st"),
    (libraries_stay_where_they_belong, "models.x", "def f():\n    import plotly.graph_objects as go"),
    *((libraries_stay_where_they_belong, f"dashboard.{one}", "from streamlit import error") for one in (
        "inspection.x", "charts.x", "jobs", "pictures", "selection", "records", "navigation",
        "parameters", "report.x", "results.x", "wording.x", "view",
    )),
    (libraries_stay_where_they_belong, "dashboard.pages.x", "import torch"),
    (libraries_stay_where_they_belong, "dashboard.pages.x", "from captum.attr import Saliency"),
    (libraries_stay_where_they_belong, "dashboard.charts.x", "from torch import Tensor"),
    (libraries_stay_where_they_belong, "dashboard.inspection.x", "import plotly"),
    (records_are_on_the_ground, "dashboard.records", "import torch"),
    (records_are_on_the_ground, "dashboard.records", "from models.classifier import Classifier"),
    (state_has_one_owner, "dashboard.pages.x", "st.session_state['a'] = 1"),
    (state_has_one_owner, "dashboard.components.x", "from streamlit import query_params"),
    (the_environment_has_one_owner, "models.x", "import os\nos.environ['VITRINE_RUNS']"),
    (the_environment_has_one_owner, "dashboard.jobs", "from os import getenv"),
    (processes_have_one_owner, "models.x", "import subprocess\nsubprocess.Popen(command)"),
    (processes_have_one_owner, "dashboard.x", "from os import fork"),
    (caches_have_one_owner, "dashboard.pages.x", "@st.cache_data\ndef f(): ..."),
    (caches_have_one_owner, "dashboard.components.x", "@st.cache_resource(max_entries=1)\ndef f(): ..."),
    (the_gate_has_one_door, "dashboard.components.x", "from dashboard.jobs import GATE"),
    (the_gate_has_one_door, "dashboard.results.network", "from dashboard import jobs\njobs.GATE.submit(1, f, lane=x)"),
    (nothing_is_known_by_its_tensors_alone, "dashboard.results.x", "key = view.classifier.weights.digest, 1"),
    (nothing_is_known_by_its_tensors_alone, "dashboard.inspection.x", "def f(c):\n    return c.weights.digest"),
    (charts_are_drawn_in_one_place, "dashboard.pages.x", "st.columns(2)[0].plotly_chart(figure)"),
    (boxes_of_the_address_are_made_in_one_place, "dashboard.pages.x", "st.selectbox('a', b, on_change=f)"),
    (boxes_of_the_address_are_made_in_one_place, "dashboard.components.x", "left.selectbox('a', b, on_change=f)"),
    *((settings_are_declared_in_one_place, "dashboard.components.x", code) for code in (
        "view.selection.parameters.get('depth', '')", "session.visit().selection.parameters['depth']",
        "session.settings().get('depth')", "session.settings()['depth']", "app.query_params['p.depth'] = '1'",
        "address = {**view.selection.parameters, 'depth': '1'}",
        "from dashboard.parameters import Number\nDEPTH = Number('depth')",
    )),
    (nothing_dangerous_is_imported, "models.x", "import pickle"),
    (nothing_dangerous_is_imported, "models.x", "from pickle import loads"),
    (nothing_dangerous_is_imported, "models.x", "from torch.jit import load"),
    (nothing_dangerous_is_called, "models.x", "eval('1')"),
    (nothing_dangerous_is_called, "models.x", "exec(text)"),
    (nothing_dangerous_is_called, "models.x", "torch.jit.load(path)"),
    (nothing_dangerous_is_called, "models.x", "torch.export.load(path)"),
    (nothing_dangerous_is_switched_on, "models.x", "torch.load(path, weights_only=False)"),
    (nothing_dangerous_is_switched_on, "models.x", "np.load(path, allow_pickle=True)"),
    (nothing_dangerous_is_switched_on, "dashboard.pages.x", "st.markdown(text, unsafe_allow_html=True)"),
    (nothing_dangerous_is_switched_on, "models.x", "run(text, shell=True)"),
    (weights_are_loaded_safely, "models.x", "torch.load(path)"),
    (weights_are_loaded_safely, "models.x", "torch.load(path, weights_only=flag)"),
    (nobody_names_an_entry_of_a_table, "dashboard.pages.x", f"if name == {next(iter(METHODS))!r}: pass"),
    (nobody_names_an_entry_of_a_table, "dashboard.components.x", f"DEFAULT = {zoo.DEFAULT!r}"),
    (nobody_names_an_entry_of_a_table, "dashboard.session", f"start = {next(iter(DATASETS))!r}"),
    (colours_have_one_owner, "dashboard.charts.x", "MARK = '#E07b39'"),
    (colours_have_one_owner, "dashboard.components.x", "draw(fill=f'rgba({red},{green},{blue},0.5)')"),
    (colours_have_one_owner, "dashboard.report.theme", "GRID = 'rgb(1, 2, 3)'"),
]  # fmt: skip
HARMLESS = (
    "from pickle import UnpicklingError\n"
    '"""Nobody calls eval() or pickle here; st.session_state has an owner."""\n'
    "model.eval(); torch.load(path, weights_only=True); np.load(path, allow_pickle=False)\n"
    "# st.markdown(text, unsafe_allow_html=True)\n"
)


@pytest.mark.parametrize(
    ("check", "module", "code"), OFFENDING, ids=lambda value: getattr(value, "__name__", None)
)
def test_each_check_can_fail(check, module, code):
    assert check(Source(module, code))


def test_every_check_is_shown_to_fail():
    assert {check for check, _, _ in OFFENDING} == set(CHECKS)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_what_is_harmless_passes(check):
    assert check(Source("dashboard.pages.x", HARMLESS)) == []
