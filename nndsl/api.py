"""The public interface: specs, and what is made of them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from nndsl.diagnostics import Diagnostic, SpecError
from nndsl.limits import CODES, Exceeded, Limits, current, under
from nndsl.reading import read_file
from nndsl.report import Report, merged
from nndsl.source import Source

if TYPE_CHECKING:
    import torch
    from torch import nn

    from nndsl.model.checkpoints import Loading
    from nndsl.model.graph import Block, Program

Params = Mapping[str, Any]
Resolution = tuple["Block | None", tuple[Diagnostic, ...]]


class NoSuchModel(LookupError):
    """A spec has no model of that name, or several and none was chosen."""


class Spec:
    """A parsed spec: the models of one text, ready to be checked, built and printed.

    Made by ``nndsl.load`` and ``nndsl.parse``. Parameters of a model are given by name
    (``width=64``) or, where a name collides with one of the method's own, in ``params``. Values
    are Python's: numbers, bools, strings, None, lists of these. A layer parameter takes the
    text of a layer: ``block="bottleneck"``, ``act="leaky_relu(0.2)"``.
    """

    def __init__(
        self,
        source: Source,
        root: str | None = None,
        plugins: bool = False,
        limits: Limits | None = None,
    ) -> None:
        from nndsl import resolve

        self.source = source
        self.limits = limits or current()
        with under(self.limits):
            self._core = resolve.load(source, root, plugins)
        self._resolved: dict[object, Resolution] = {}

    def __repr__(self) -> str:
        return f"<Spec {self.source.name!r}: {', '.join(self.models) or 'no models'}>"

    @property
    def models(self) -> tuple[str, ...]:
        """The names of the models, in the order of the text."""
        return tuple(self._core.models)

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What was found without looking into the models."""
        return tuple(self._core.diagnostics)

    def choose(self, model: str | None = None) -> str:
        """The model that is meant: the one named, the only one, or the one named after the file.

        Raises:
            NoSuchModel: there is none, or more than one could be meant.
            SpecError: the spec has errors that hide its models.
        """
        if model is None and len(self.models) == 1:
            return self.models[0]
        wanted = model if model is not None else _stem(self.source)
        if wanted in self.models:
            return wanted
        if not self.models:
            self._raise_errors()
            raise NoSuchModel(f"{self.source.name} has no model; begin one with `model name(...)`")
        names = ", ".join(self.models)
        if model is None:
            raise NoSuchModel(f"{self.source.name} has several models, choose one: {names}")
        raise NoSuchModel(f"{self.source.name} has no model `{model}`; it has: {names}")

    def _raise_errors(self, found: Iterable[Diagnostic] = ()) -> None:
        every = merged((*self.diagnostics, *found), self.limits.findings)
        if any(one.severity == "error" for one in every):
            raise SpecError(every)

    def resolved(self, model: str | None = None, params: Params | None = None) -> Block:
        """A model with every static value known, as the backends read it.

        Raises:
            SpecError: the spec has errors. All findings are in its ``diagnostics``.
            NoSuchModel: see ``choose``.
        """
        with under(self.limits):
            block, found = self._resolve(self.choose(model), _plain(params))
        self._raise_errors(found)
        if block is None:  # what is wrong was said when another model was resolved
            self._raise_errors(one for _, each in self._resolved.values() for one in each)
        assert block is not None
        return block

    def _resolve(self, model: str, params: Params) -> Resolution:
        """A resolved model; equal questions are asked once."""
        from nndsl import resolve

        key = (model, *((name, _key(value)) for name, value in sorted(params.items())))
        if key not in self._resolved:
            self._resolved[key] = resolve.resolve_model(self._core, model, params)
        return self._resolved[key]

    def check(
        self, model: str | None = None, *, params: Params | None = None, **more: Any
    ) -> Report:
        """Check names, arguments, types and shapes of one model or of all. Never imports torch.

        Args:
            model: the model to look at; all models if None and no parameters are given.
            params: values of static parameters; ``more`` likewise.

        Returns:
            A Report; it raises nothing for a spec that has errors.
        """
        given = _given(params, more)
        models = self.models if model is None and not given else (self.choose(model),)
        with under(self.limits):
            return self._checked(models, _plain(given))

    def _checked(self, models: Iterable[str], params: Params) -> Report:
        from nndsl import lints
        from nndsl.model.assumed import sentences

        found = [*self.diagnostics, *lints.of_file(self._core)]
        assumptions: dict[str, tuple[str, ...]] = {}
        refused = False
        for name in models:
            if len(found) > self.limits.findings or any(map(_gave_up, found)):
                break
            block, diagnostics = self._resolve(name, params)
            found += diagnostics
            if block is None:
                refused = True
                continue
            try:
                found += lints.of_model(block)
                assumptions[name] = sentences(block.assumptions)
            except Exceeded as stopped:
                found += stopped.diagnostics
        said = {name: each for name, each in assumptions.items() if each}
        report = Report(merged(found, self.limits.findings), said)
        assert not refused or not report, "a model is refused, and nothing said of it"
        return report

    def build(
        self,
        model: str | None = None,
        *,
        device: str | torch.device | None = None,
        dtype: str | torch.dtype | None = None,
        seed: int | None = None,
        weights: str | os.PathLike[str] | None = None,
        params: Params | None = None,
        **more: Any,
    ) -> nn.Module:
        """Make the model as PyTorch modules, freshly initialised or with the weights of a file.

        Args:
            model: which model; see ``choose``.
            device: where its tensors lie; ``"meta"`` allocates nothing (see ``materialize``).
            dtype: of its floats, such as ``torch.bfloat16`` or ``"bfloat16"``; None for torch's
                default.
            seed: seeds torch's generator first, and leaves it as it was afterwards; the printed
                source under the same seed has the same weights. None uses the generator as it is.
            weights: a file to load, ``.safetensors`` or of ``torch.save`` (``.pt``, ``.pth``,
                ``.bin``; read with ``weights_only=True``), or the ``.index.json`` of several
                such files beside it; strictly, after the rules that the
                spec's ``weights`` has for the model. Its floats stay as wide as they are unless
                ``dtype`` is given, and nothing is drawn.
            params: values of static parameters; ``more`` likewise.

        Returns:
            The module, in training mode. Input and output shapes are the model's own, as
            ``summary`` shows them.

        Raises:
            SpecError: the spec has errors, the model is larger than the budget, or the file of
                weights does not fit it.
            NoSuchModel: see ``choose``.
            ValueError: no such float dtype, or no such device; weights on the meta device, or of a
                file of another kind.
            TypeError: a parameter is given twice, or its value can't be one.
            OSError: the file of weights can't be read, or is not what its name says.
        """
        block = self.resolved(model, _given(params, more))
        with under(self.limits):
            if weights is None:
                from nndsl.backends.construction import construct

                return construct(block, device, dtype, seed)
            from nndsl.backends.loading import build_loaded

            loading, found = self._loading(block, weights, model)
            if any(one.severity == "error" for one in found):
                raise SpecError(merged(found, self.limits.findings))
            return build_loaded(block, loading, os.fspath(weights), device, dtype)

    def _loading(
        self, block: Block, weights: str | os.PathLike[str], model: str | None
    ) -> tuple[Loading, tuple[Diagnostic, ...]]:
        """How a file of weights becomes the model's state dict, and what does not fit."""
        from nndsl import resolve
        from nndsl.backends.checkpoints import stored_in
        from nndsl.backends.keys import keys_of

        stored = stored_in(os.fspath(weights))
        return resolve.plan_loading(self._core, self.choose(model), block, stored, keys_of(block))

    def verify(
        self,
        weights: str | os.PathLike[str],
        model: str | None = None,
        *,
        params: Params | None = None,
        **more: Any,
    ) -> Report:
        """Hold a file of weights against a model: what is missing, unexpected, different.

        Nothing is built. Torch is imported for files of ``torch.save`` only.

        Args:
            weights: the file, as for ``build``.
            model: which model; see ``choose``.
            params: values of static parameters; ``more`` likewise.

        Returns:
            A Report, true if ``build`` can load the file.

        Raises:
            As ``build`` does, but for the file's contents.
        """
        block = self.resolved(model, _given(params, more))
        with under(self.limits):
            found = self._loading(block, weights, model)[1]
            return Report(merged(found, len(found)))  # their number is bounded already

    def codegen(
        self,
        model: str | None = None,
        *,
        specialize: bool = False,
        params: Params | None = None,
        **more: Any,
    ) -> str:
        """The source of one model, or of all models of the spec. Never imports torch.

        Args:
            model: which model; None prints all.
            specialize: print one configuration with every number filled in, for reading: no
                constructor takes arguments, conditions are decided, equal rounds stay loops.
            params: values of static parameters, which become the printed defaults; ``more``
                likewise.

        Returns:
            A Python module that needs torch only, formatted as black does.

        Raises:
            SpecError: the spec has errors.
            NoSuchModel: there is no such model, or none at all.
        """
        from nndsl.backends.torch_source import print_source

        return print_source(self._program(model, specialize, _given(params, more)))

    def codegen_files(
        self,
        name: str,
        model: str | None = None,
        *,
        specialize: bool = False,
        map: bool = False,
        tests: bool = False,
        train: bool = False,
        params: Params | None = None,
        **more: Any,
    ) -> dict[str, str]:
        """The source and what belongs beside it: the text of each file, by its name.

        Args:
            name: of the source's file, ``resnet.py``.
            model: as for ``codegen``; ``specialize`` and ``params`` too.
            map: adds ``resnet.py.map``, which says where each line of the source comes from;
                ``nndsl.trace`` reads it.
            tests: adds ``test_resnet.py`` for pytest: shapes, the number of parameters, and that a
                gradient reaches each of them.
            train: adds ``train_resnet.py``, a script that trains one model (see ``choose``) with
                the loss that it declares.

        Raises:
            As ``codegen`` does; ValueError where a name can't be imported, a model declares no
            loss, or no inputs can be made up for it.
        """
        from nndsl import resolve
        from nndsl.backends.source.files import files_of

        given = _given(params, more)
        program = self._program(model, specialize, given)
        blocks = {one: self.resolved(one, given) for one in program.models if tests or train}
        with resolve.deep():
            chosen = self.choose(model) if train else None
            return files_of(program, name, blocks, map=map, tests=tests, train=chosen)

    def _program(self, model: str | None, specialize: bool, given: Params) -> Program:
        """What is printed."""
        from nndsl import resolve

        every = model is None and not given and self.models
        models = self.models if every else (self.choose(model),)
        resolved = resolve.specialise if specialize else resolve.generalise
        with under(self.limits):
            program, found = resolved(self._core, models, _plain(given))
        self._raise_errors(found)
        if program is None:  # a mistake among names that nothing but a check looks for
            self._raise_errors(self.check().diagnostics)
        assert program is not None
        if specialize:
            from nndsl.backends.source.distinct import distinct

            return distinct(program)
        from nndsl.backends.source.groups import straighten

        for block in program.blocks:
            straighten(block)
        return program

    def summary(
        self, model: str | None = None, *, params: Params | None = None, **more: Any
    ) -> str:
        """A table of the model's layers: output shapes, parameters, multiply-adds for one item.

        Nothing is allocated. Raises as ``build`` does.
        """
        from nndsl.backends.summary import summary

        block = self.resolved(model, _given(params, more))
        with under(self.limits):
            return summary(block)

    def loss(
        self, model: str | None = None, *, params: Params | None = None, **more: Any
    ) -> nn.Module | None:
        """The training loss that the model declares, such as ``nn.CrossEntropyLoss()``, or None."""
        from nndsl.backends.torch_module import loss

        return loss(self.resolved(model, _given(params, more)))

    def format(self) -> str:
        """The text in its canonical layout: same meaning, same comments. No model is looked at.

        Raises:
            SpecError: the text can't be parsed.
        """
        from nndsl.syntax import format_text

        with under(self.limits):
            return format_text(self.source)


def load(
    path: str | os.PathLike[str],
    *,
    root: str | os.PathLike[str] | None = None,
    plugins: bool = False,
    limits: Limits | None = None,
) -> Spec:
    """Read a spec from a file.

    Args:
        path: a ``.nn`` file, in UTF-8, of at most 1 MiB unless ``limits`` says otherwise.
        root: imports may not leave this folder; the file's own if None.
        plugins: whether a name that nothing explains imports the installed package that declares
            it (entry-point group ``nndsl.layers``). Without, import that package's module first.
        limits: bounds on what the spec may cost, here and in whatever is made of it.

    Raises:
        OSError: the file can't be read.
        SpecError: the file is no text, or too long. Other errors of the spec are raised when it
            is used; ``check`` reports them.
    """
    with under(limits or current()):
        source = read_file(path)
    folder = os.fspath(root) if root is not None else os.path.dirname(source.path or "")
    return Spec(source, folder, plugins, limits)


def parse(
    text: str, name: str = "<text>", *, plugins: bool = False, limits: Limits | None = None
) -> Spec:
    """Read a spec from a string; it can't import. ``name`` is what messages call it. ``plugins``
    and ``limits`` as for ``load``."""
    return Spec(Source(text, name), None, plugins, limits)


def build(
    spec: str | os.PathLike[str],
    model: str | None = None,
    *,
    limits: Limits | None = None,
    **options: Any,
) -> nn.Module:
    """``Spec.build`` of a text, or of a file if ``spec`` is a path or ends in ``.nn``."""
    return _either(spec, limits).build(model, **options)


def codegen(
    spec: str | os.PathLike[str],
    model: str | None = None,
    *,
    limits: Limits | None = None,
    **options: Any,
) -> str:
    """``Spec.codegen`` of a text, or of a file if ``spec`` is a path or ends in ``.nn``."""
    return _either(spec, limits).codegen(model, **options)


def materialize(net: nn.Module, device: str | torch.device = "cpu") -> nn.Module:
    """Give a model that was built on the meta device its memory on ``device``, in place.

    Parameters are initialised as their constructors do it and buffers get their values; ties stay
    ties. Returns the module, ready to be trained or for ``load_state_dict``.
    """
    from nndsl.backends.torch_module import materialize as fill

    return fill(net, device)


def verify(example: str, **sizes: int) -> None:
    """Hold what a plug-in declares against the package: builds a model and runs it once.

        nndsl.verify('(x: "b t 144"): x | conformer_conv(kernel_size=31)', b=2, t=9)

    Args:
        example: the end of a model, behind its first parentheses.
        sizes: a number for each open size of its inputs.

    Raises:
        AssertionError: parameters, buffers, output shapes or dtypes are not as declared.
        SpecError: the example is wrong.
    """
    from nndsl.backends.verifying import differences

    spec = parse(f"model example(){example}\n", "<example>")
    found = differences(spec.build(), spec.resolved(), sizes)
    if found:
        raise AssertionError("\n".join(found))


def _either(spec: str | os.PathLike[str], limits: Limits | None) -> Spec:
    if isinstance(spec, str) and ("\n" in spec or not spec.endswith(".nn")):
        return parse(spec, limits=limits)
    return load(spec, limits=limits)


def _stem(source: Source) -> str:
    return os.path.splitext(os.path.basename(source.path or ""))[0]


def _gave_up(one: Diagnostic) -> bool:
    return one.code in (CODES["steps"], CODES["depth"])


def _given(params: Params | None, more: Params) -> dict[str, Any]:
    """Values of parameters from both places. Raises TypeError for one that is in both."""
    twice = [name for name in more if name in (params or {})]
    if twice:
        raise TypeError(f"`{twice[0]}` is given twice: in params and by its name")
    return {**(params or {}), **more}


def _plain(params: Params | None) -> dict[str, Any]:
    return {name: _value(name, value) for name, value in (params or {}).items()}


def _value(name: str, value: Any) -> Any:
    """A parameter's value as the resolver takes it: plain numbers, texts, tuples, a Source.

    Raises TypeError for anything else.
    """
    if value is None or isinstance(value, bool | int | float | str | Source):
        return value
    if isinstance(value, list | tuple):
        return tuple(_value(name, item) for item in value)
    kind = f"{type(value).__module__}.{type(value).__qualname__}".removeprefix("builtins.")
    if not isinstance(value, dict | set | complex) and callable(getattr(value, "item", None)):
        try:
            number = value.item()  # a scalar of numpy or torch
        except (ValueError, RuntimeError):
            number = None
        if isinstance(number, bool | int | float):
            return number
    raise TypeError(
        f"`{name}` can't be of type {kind}: parameters are numbers, texts, None, lists of these, "
        "or a layer as a text"
    )


def _key(value: Any) -> object:
    """A parameter's value as something to compare by; ``1``, ``1.0`` and ``True`` differ."""
    if isinstance(value, tuple):
        return tuple(map(_key, value))
    return ("text", value.text) if isinstance(value, Source) else (type(value), repr(value))
