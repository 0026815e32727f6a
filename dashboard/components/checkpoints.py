"""A checkpoint of one's own: dropped, recognised, told what only its owner knows, and looked at."""

from __future__ import annotations

import sys

import streamlit as st
from streamlit.typing import UploadedFile

from dashboard import cache, session, unclaimed
from dashboard.components import choice, say
from dashboard.components.wait import wait
from dashboard.navigation import find_page
from dashboard.parameters import TENSORS
from dashboard.results.checkpoints import read_drop, read_file
from models.checkpoints import architectures
from models.checkpoints import as_networks as checkpoints
from models.checkpoints.choice import (
    CHANNELS,
    MEANINGS,
    NORMALISATIONS,
    RESIZES,
    THUMBNAIL,
    USUAL,
    Choice,
    class_names,
    fillings,
    name_count,
    parse_size,
)
from models.checkpoints.custom_head import HEAD
from models.checkpoints.index import own_problems
from models.checkpoints.limits import Limits, describe_accepted
from models.checkpoints.operator_arguments import parse_arguments
from models.checkpoints.recognition import Difference
from models.checkpoints.signature import DROPPED
from models.checkpoints.small_stem import STEM, STEMS, USUAL_STEM
from models.checkpoints.store import CHECKPOINTS, StoredCheckpoint
from models.classifier import Classifier
from models.contract import Contract
from models.photos.decoding import safe_name
from models.photos.uploads import SCHEME, Upload
from models.preprocessing import COLOURS, GREY
from models.runtime.errors import UserError
from models.runtime.settings import MEGABYTE
from models.zoo.small import ACTIVATIONS

# Names that are listed of each kind of difference; the rest are counted.
MOST_LISTED = 40
MOST_TEXT_MB = 4
WEIGHTS = find_page("weights")
WITHOUT_STATISTICS = (
    "All that is missing are the means and variances that its batch normalisations keep of training (running_mean, "
    "running_var). Without them each picture would be normalised by those beside it, and one alone has no answer of "
    "its own: save the whole state_dict(), buffers included. If it was made without them "
    "(track_running_stats=False), name the function that builds it so, with --model."
)


def read_named() -> tuple[str, ...]:
    """Read what the operator named when the app was started, once; a sentence for each thing that cannot be had."""
    arguments = parse_arguments(tuple(sys.argv[1:]))
    problems = list(arguments.problems)
    for path in arguments.files:
        try:
            if not CHECKPOINTS.upload_of(path):
                wait(read_file(path))
        except UserError as refusal:
            problems.append(str(refusal))
    return tuple(problems)


def names(current: str) -> dict[str, str]:
    """How the address names each checkpoint of the visitor that is a network -> its title in the list.

    Args:
        current: the network that is looked at, which keeps what was said of it.
    """
    titles = {}
    for upload in session.own_checkpoints():
        address = current if current.partition("@")[0] == upload.address else upload.address
        held = CHECKPOINTS.find(address, session.owner())
        if held is None or held.match is None:
            continue
        titles[address] = f"{upload.name}: {architectures.title(checkpoints.chosen_match(held).row.name)}"
    return titles


def picker(current: Classifier) -> None:
    """The place in the sidebar where a checkpoint is dropped and told about.

    Args:
        current: the network that is looked at.
    """
    place = st.popover(
        "Your checkpoint", icon=":material/upload_file:", key="own", on_change="rerun", width="stretch"
    )
    if not place.open:
        return
    # By this its style is found.
    with place, st.container(key="own-box"):
        _drop()
        own = session.own_checkpoints()
        if own:
            _describe(_pick(own), current)
            st.button(
                "Clear my checkpoints",
                icon=":material/delete:",
                on_click=lambda: cache.forget(session.forget_checkpoints()),
                help="Deletes them from this server at once.",
            )
        _fine_print()


def _drop() -> None:
    limits = Limits.from_environment()
    # Above all else in the box, whose lower part may lie below the screen.
    say.problem(*session.visit().checkpoint_refusals)
    dropped = st.file_uploader(
        "Drop a checkpoint",
        key=f"own-drop-{session.visit().drops}",
        max_upload_size=limits.max_bytes // MEGABYTE,
        help=f"{describe_accepted(limits)}.",
    )
    if dropped is not None:
        _take_in(dropped)


def _fine_print() -> None:
    """What the browser turns away, and how long a file is kept."""
    limits = Limits.from_environment()
    # The browser refuses these by itself, and tells nobody but who points at the mark.
    st.caption(
        say.plain(
            f"A red mark in the drop zone: the file was not sent. Is it larger than {limits.size}, start the app with "
            "its path, streamlit run app.py -- --checkpoint PATH; is its name very long, shorten it."
        )
    )
    st.caption(
        say.plain(
            "No code in a file is run. Its tensors stay in a private temporary folder of this server until "
            f"{CHECKPOINTS.uploads.hours():g} hours after you last looked at them, or until you clear them."
        )
    )


def _take_in(file: UploadedFile) -> None:
    """Read a file, and start again with an empty drop zone that holds no bytes."""
    name, owner = safe_name(file.name), session.owner()
    unclaimed.claim(file.file_id)
    try:
        upload = wait(read_drop(file.getvalue, file.file_id, name, owner))
    except UserError as refusal:
        session.refuse_checkpoint(str(refusal))
    else:
        held = checkpoints.find_checkpoint(upload.address)
        session.take_checkpoint(upload.address, known=held.match is not None)
    session.let_go(file.file_id)
    st.rerun()


def _pick(own: tuple[Upload, ...]) -> StoredCheckpoint:
    """The checkpoint that is told about: the one looked at, the one that was picked, or the newest."""
    titles = {upload.address: upload.name for upload in own}
    current = session.visit().selection.model
    wanted = session.visit().checkpoint or current
    picked = wanted.partition("@")[0]
    if picked not in titles:
        picked = next(iter(titles))
    if len(titles) > 1:
        choice.select(
            "Yours",
            list(titles),
            picked,
            lambda address: session.remember(checkpoint=address),
            key="own-pick",
            title=titles.__getitem__,
        )
    # With what was said of it, where that is known.
    address = next((known for known in (wanted, current) if known.partition("@")[0] == picked), picked)
    return CHECKPOINTS.find(address, session.owner()) or checkpoints.find_checkpoint(picked)


def _describe(held: StoredCheckpoint, current: Classifier) -> None:
    """What a checkpoint is, and the form for what only its owner knows."""
    st.markdown(f"**{say.plain(held.upload.name)}**, {len(held.header.entries):,} tensors")
    matches = held.recognition.matches
    if not matches:
        _describe_unknown(held)
    elif len(matches) == 1:
        st.markdown(say.plain(_recognition(held)))
        if held.network is not None:
            st.markdown(say.plain(held.network.pixels))
    else:
        taken = held.match
        if taken is not None:
            st.markdown(say.plain(f"Taken for {architectures.title(taken.row.name)}."))
        st.markdown(
            f"{len(matches)} networks have tensors of exactly these names and shapes. Choose which it is."
        )
    if held.entry is not None:
        st.markdown(
            say.plain(
                f"Told by the file: its SHA-256 begins as that of {held.entry.title}, whose resize, crop and "
                "normalisation are taken."
            )
        )
    for sentence in held.origin.sentences:
        st.caption(say.plain(sentence))
    if held.recognition.leftover:
        _list_names("Left aside, not part of the network", held.recognition.leftover)
    if matches:
        unsaid = (
            held.match is None
            or len(matches) > 1
            or held.address == session.visit().checkpoint != session.visit().selection.model
        )
        with st.expander("What only you know: classes, input, meaning", expanded=unsaid):
            _form(held, current.contract if current.name == held.address else None)


def _recognition(held: StoredCheckpoint) -> str:
    """A sentence on how sure it is."""
    match = held.recognition.matches[0]
    title = architectures.title(match.row.name)
    if held.network is not None:
        numbers = f"{match.classes:,} number{'s' * (match.classes != 1)}"
        return f"Read as {title}: {held.network.told} Its answer has {numbers}."
    prefix = match.prefix.removeprefix(DROPPED)
    behind = (f" behind the prefix {prefix}" if prefix else "") + (
        " once wrappers and older names are put right" if prefix != match.prefix else ""
    )
    classes = (
        f"its {match.classes:,} classes"
        if match.exact
        else f"{match.classes:,} class{'es' * (match.classes != 1)} instead of {match.row.classes:,}"
    )
    head = match.row.options.get(HEAD)
    if head is not None:
        widths = " to ".join(f"{width:,}" for width in head.widths)
        classes = (
            f"a head of its own, {head.place} ({widths}), and {classes}"
            if head.layers
            else f"no head, so it gives its {head.classes:,} features"
        )
    twins = held.recognition.twins.get(match.row.name, ())
    same = f" Computes the same as {', '.join(twins[:3])}." if twins else ""
    if STEM in match.row.options:
        assumed = STEMS[match.row.options[STEM]].title
        same = f" Its first layer is one for small pictures, 3 x 3; assumed, say below: {assumed}.{same}"
    if match.channels is None:
        return f"Recognised as {title}: every name and shape fits{behind}, with {classes}.{same}"
    if held.channels:
        return (
            f"Recognised as {title}: every name and shape fits{behind}, with {classes}, but its first layer reads "
            f"{match.channels} channels instead of 3 colours. Say below what each of them holds.{same}"
        )
    return (
        f"Recognised as {title}: every name and shape fits{behind}, with {classes}, but its first layer reads grey "
        f"pictures instead of colours, so it is shown pictures in grey.{same}"
    )


def _describe_unknown(held: StoredCheckpoint) -> None:
    """What is missing, left over or of another shape, compared with the nearest network."""
    say.warning("No network known here has tensors of these names and shapes, so nothing is predicted.")
    problems = (*parse_arguments(tuple(sys.argv[1:])).problems, *own_problems())
    say.warning(*problems)
    if not problems:
        st.markdown(
            "Is it an architecture of your own? Whoever starts the app can name a function that builds it: "
            "`streamlit run app.py -- --model package.module:function`"
        )
    pressed = st.button(
        "Look at its weights",
        icon=":material/bar_chart:",
        key=f"own-tensors-{held.address}",
        on_click=session.choose_parameter,
        args=(TENSORS, held.upload.address.removeprefix(SCHEME)),
        help="The Weights page shows any tensors, whatever network they belong to.",
    )
    if pressed:
        session.switch(WEIGHTS.file)
    with st.spinner("Comparing with the nearest network"):
        nearest = checkpoints.nearest(held)
    if nearest is None:
        return
    _describe_difference(*nearest)


def _describe_difference(title: str, compared: Difference) -> None:
    """What is missing, left over or of another shape."""
    total = compared.shared + len(compared.missing) + len(compared.mismatched)
    st.markdown(say.plain(f"Nearest is {title}: {compared.shared:,} of its {total:,} tensors fit."))
    if compared.without_statistics:
        say.warning(WITHOUT_STATISTICS)
    reshaped = tuple(
        f"{name}: {_shape(there)} instead of {_shape(wanted)}"
        for name, (there, wanted) in compared.mismatched.items()
    )
    _list_names("Missing", compared.missing)
    _list_names("Left over", compared.unexpected)
    _list_names("Of another shape", reshaped)


def _shape(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape)) or "one number"


def _list_names(what: str, items: tuple[str, ...]) -> None:
    if not items:
        return
    with st.expander(f"{what} ({len(items):,})"):
        more = len(items) - MOST_LISTED
        lines = [*items[:MOST_LISTED], *([f"and {more:,} more"] if more > 0 else [])]
        st.markdown("\n".join(f"- {say.plain(item)}" for item in lines))


def _form(held: StoredCheckpoint, contract: Contract | None) -> None:
    """What only the owner knows, with what is usual filled in.

    Args:
        held: the checkpoint.
        contract: what a trial found of it; None where it is not looked at.
    """
    matches, stated = held.recognition.matches, held.choice
    key = held.address
    with st.form(f"own-form-{key}", border=False):
        if len(matches) > 1:
            options = [match.row.name for match in matches]
            taken = held.match
            likes = [match.row.like for match in matches]
            st.selectbox(
                "Which network is it",
                options,
                index=None if taken is None else likes.index(taken.row.like),
                format_func=architectures.title,
                placeholder="Choose one",
                key=f"own-architecture-{key}",
            )
        classes = matches[0].classes
        st.selectbox(
            "What its numbers mean",
            list(MEANINGS),
            index=list(MEANINGS).index(stated.meaning),
            format_func=lambda meaning: MEANINGS[meaning][0],
            key=f"own-meaning-{key}",
            help="A trial on photos tells probabilities from other numbers. Whether one number is a yes or no or a "
            "quantity, and whether one class is right or several, only you know.",
        )
        places = () if contract is None or not contract.rivals else (contract.member, *contract.rivals)
        members = sorted({place for place in (*places, stated.member) if place})
        if members:
            st.selectbox(
                "Where its scores stand",
                ["", *members],
                index=["", *members].index(stated.member),
                format_func=lambda place: place or "As the trial found",
                key=f"own-member-{key}",
                help="It gives several rows of as many numbers; Python's way to the one that is meant.",
            )
        sides = " or both sides, no first," if classes == 1 else ""
        st.text_area(
            f"Names of its {classes:,} {'class' if classes == 1 else 'classes'},{sides} one a line",
            value="\n".join(stated.classes),
            placeholder="\n".join(checkpoints.told_classes(held, matches[0])) or _default_names(classes),
            key=f"own-classes-{key}",
            height=120,
        )
        st.file_uploader("Or a text file of them", key=f"own-list-{key}", max_upload_size=MOST_TEXT_MB)
        normalisations = {
            USUAL: "The network's usual",
            **{name: said[0] for name, said in NORMALISATIONS.items()},
        }
        st.selectbox(
            "Pixels are brought to",
            list(normalisations),
            index=list(normalisations).index(stated.normalisation),
            format_func=normalisations.__getitem__,
            key=f"own-normalisation-{key}",
            help="What training did to the pixels. A wrong one still gives answers, only worse ones.",
        )
        usual = architectures.usual_preprocessing(matches[0].row.name, matches[0].row.options)
        st.text_input(
            "Size of its input, height x width (px)",
            value="" if stated.size is None else " x ".join(map(str, stated.size)),
            placeholder=f"{usual.size[0]} x {usual.size[1]}, as the network usually reads",
            key=f"own-size-{key}",
            help="The size it was trained at, which names and shapes of tensors do not tell: 32 for CIFAR. At another "
            "size many networks give answers too, only worse ones.",
        )
        st.selectbox(
            "Photos are brought to that size",
            list(RESIZES),
            index=list(RESIZES).index(stated.resize),
            format_func=RESIZES.__getitem__,
            key=f"own-resize-{key}",
            help=f"Usually a margin is cut off; below {THUMBNAIL} px nothing is, unless the photo is no square.",
        )
        more = fillings(held.likely_channels)
        ways = more if held.channels else {**CHANNELS, **more}
        st.selectbox(
            f"Its {held.channels} channels hold" if held.channels else "It reads photos",
            list(ways),
            index=list(ways).index(stated.holds) if stated.holds in ways else None,
            format_func=ways.__getitem__,
            placeholder="Choose one",
            key=f"own-channels-{key}",
        )
        own = architectures.activation_of(matches[0].row.name, matches[0].row.options)
        if own:
            functions = ["", *(name for name in ACTIVATIONS if name != own)]
            st.selectbox(
                "Between its layers stands",
                functions,
                index=functions.index(stated.activation),
                format_func=lambda name: ACTIVATIONS[name or own].title,
                key=f"own-activation-{key}",
                help="Its activation function, which weights do not tell. A wrong one still gives answers, only worse "
                "ones.",
            )
        if STEM in matches[0].row.options:
            stems = ["", *(name for name in STEMS if name != USUAL_STEM)]
            st.selectbox(
                "Its first layer of 3 x 3",
                stems,
                index=stems.index(stated.stem),
                format_func=lambda name: STEMS[name or USUAL_STEM].title.capitalize(),
                key=f"own-stem-{key}",
                help="How far it steps, and whether a pooling follows, which weights do not tell. A wrong one still "
                "gives answers, only worse ones.",
            )
        st.form_submit_button("Look at it", type="primary", on_click=_take_form, args=(held.address,))


def _default_names(classes: int) -> str:
    """What classes are called as long as nobody names them."""
    if classes == 1:
        return "no\nyes"
    if classes == checkpoints.IMAGENET_CLASSES:
        return "ImageNet's names are used, as there are 1,000"
    return "class 0, class 1 ..."


def _take_form(address: str) -> None:
    """Take in the form, and look at the checkpoint as it was told."""
    held = CHECKPOINTS.find(address, session.owner())
    if held is None:
        return
    matches = held.recognition.matches
    architecture = (session.entry(f"own-architecture-{address}") or "") if len(matches) > 1 else ""
    if len(matches) > 1 and not architecture:
        session.refuse_checkpoint(f"Choose which network {held.upload.name} is.")
        return
    holds = session.entry(f"own-channels-{address}")
    if holds is None:
        session.refuse_checkpoint(f"Choose what the {held.channels} channels of {held.upload.name} hold.")
        return
    try:
        match = held.recognition.match(architecture)
        meaning = session.entry(f"own-meaning-{address}")
        classes = class_names(_class_list(address), name_count((match or matches[0]).classes, meaning))
        size = parse_size(session.entry(f"own-size-{address}"))
    except UserError as refusal:
        session.refuse_checkpoint(str(refusal))
        return
    stated = Choice(
        architecture,
        classes,
        session.entry(f"own-normalisation-{address}"),
        size,
        session.entry(f"own-resize-{address}"),
        {COLOURS: 3, GREY: 1}.get(holds, 0),
        meaning,
        session.entry(f"own-member-{address}", ""),
        session.entry(f"own-activation-{address}", ""),
        "" if holds in (COLOURS, GREY) else holds,
        session.entry(f"own-stem-{address}", ""),
    )
    session.take_checkpoint(CHECKPOINTS.remember(held, stated), known=True)


def _class_list(address: str) -> str:
    """The class names as text: of the file where there is one, else as pasted."""
    file = session.entry(f"own-list-{address}")
    if file is None:
        return str(session.entry(f"own-classes-{address}"))
    return file.getvalue().decode("utf-8-sig", "replace")  # type: ignore[no-any-return]
