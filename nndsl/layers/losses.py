"""The losses that a file can name. Tensors (class weights) are no arguments of a spec."""

from __future__ import annotations

from nndsl.layers.arguments import flag, rate, real, whole, word
from nndsl.model.spec import Argument, Loss, fold

_HOW = "how the losses of all examples become one"
_REDUCTION = word("reduction", _HOW, "mean", "none", "mean", "sum")
_KL_REDUCTION = word("reduction", _HOW, "mean", "none", "batchmean", "mean", "sum")
_IGNORE = whole("ignore_index", "a target that doesn't count", -100)
_MARGIN = "distance that is wanted"


def _margin(default: float) -> Argument:
    return real("margin", _MARGIN, default)


_ROWS: tuple[tuple[str, str, tuple[Argument, ...], str], ...] = (
    ("l1_loss", "L1Loss", (_REDUCTION,), "The absolute difference."),
    ("mse_loss", "MSELoss", (_REDUCTION,), "The squared difference."),
    (
        "smooth_l1_loss",
        "SmoothL1Loss",
        (_REDUCTION, real("beta", "where the square becomes linear", 1.0, low=0)),
        "The squared difference, linear far out.",
    ),
    (
        "huber_loss",
        "HuberLoss",
        (_REDUCTION, real("delta", "where the square becomes linear", 1.0)),
        "The squared difference, linear far out, with slope delta.",
    ),
    (
        "cross_entropy",
        "CrossEntropyLoss",
        (_IGNORE, _REDUCTION, rate("label_smoothing", "share given to all classes", 0.0)),
        "Of raw logits and class indices or probabilities.",
    ),
    ("nll_loss", "NLLLoss", (_IGNORE, _REDUCTION), "Of log-probabilities and class indices."),
    ("nll_loss2d", "NLLLoss2d", (_IGNORE, _REDUCTION), "The former name of nll_loss for images."),
    (
        "poisson_nll_loss",
        "PoissonNLLLoss",
        (
            flag("log_input", "whether the prediction is a logarithm", True),
            flag("full", "whether Stirling's approximation is added"),
            real("eps", "against log(0)", 1e-08, low=0),
            _REDUCTION,
        ),
        "For counts.",
    ),
    (
        "gaussian_nll_loss",
        "GaussianNLLLoss",
        (
            flag("full", "whether the constant is added"),
            real("eps", "lowest variance", 1e-06, low=0),
            _REDUCTION,
        ),
        "For a predicted mean and variance.",
    ),
    (
        "kl_div",
        "KLDivLoss",
        (_KL_REDUCTION, flag("log_target", "whether the target is a logarithm")),
        "How far one distribution is from another.",
    ),
    ("bce_loss", "BCELoss", (_REDUCTION,), "Of probabilities and targets in 0 to 1."),
    (
        "bce_with_logits_loss",
        "BCEWithLogitsLoss",
        (_REDUCTION,),
        "Of raw logits and targets in 0 to 1.",
    ),
    (
        "ctc_loss",
        "CTCLoss",
        (
            whole("blank", "index of the blank", 0, low=0),
            _REDUCTION,
            flag("zero_infinity", "whether infinite losses are set to zero"),
        ),
        "For sequences whose alignment isn't known.",
    ),
    ("hinge_embedding_loss", "HingeEmbeddingLoss", (_margin(1.0), _REDUCTION), "Near or far."),
    ("cosine_embedding_loss", "CosineEmbeddingLoss", (_margin(0.0), _REDUCTION), "By the cosine."),
    ("margin_ranking_loss", "MarginRankingLoss", (_margin(0.0), _REDUCTION), "For an order."),
    (
        "triplet_margin_loss",
        "TripletMarginLoss",
        (
            _margin(1.0),
            real("p", "exponent of the distance", 2.0),
            real("eps", "against division by zero", 1e-06),
            flag("swap", "whether the positive may stand for the anchor"),
            _REDUCTION,
        ),
        "For an anchor, something near and something far.",
    ),
    (
        "triplet_margin_with_distance_loss",
        "TripletMarginWithDistanceLoss",
        (_margin(1.0), flag("swap", "whether the positive may stand for the anchor"), _REDUCTION),
        "For an anchor, something near and something far.",
    ),
    ("multi_margin_loss", "MultiMarginLoss", (
        whole("p", "exponent", 1, low=1, high=2), _margin(1.0), _REDUCTION,
    ), "A margin between classes."),
    ("multilabel_margin_loss", "MultiLabelMarginLoss", (_REDUCTION,), "For several classes."),
    (
        "multilabel_soft_margin_loss",
        "MultiLabelSoftMarginLoss",
        (_REDUCTION,),
        "For several classes, by their logits.",
    ),
    ("soft_margin_loss", "SoftMarginLoss", (_REDUCTION,), "For targets of -1 and 1."),
)  # fmt: skip

LOSSES = {
    fold(torch): Loss(name, f"torch.nn.{torch}", arguments, doc)
    for name, torch, arguments, doc in _ROWS
}

_SHORT = {
    "l1": "L1Loss",
    "mse": "MSELoss",
    "smooth_l1": "SmoothL1Loss",
    "huber": "HuberLoss",
    "nll": "NLLLoss",
    "kl_div_loss": "KLDivLoss",
    "bce": "BCELoss",
    "binary_cross_entropy": "BCELoss",
    "bce_with_logits": "BCEWithLogitsLoss",
    "binary_cross_entropy_with_logits": "BCEWithLogitsLoss",
    "ctc": "CTCLoss",
}

SPELLINGS = {
    **{fold(name): fold(torch) for name, torch, _, _ in _ROWS},
    **{fold(short): fold(torch) for short, torch in _SHORT.items()},
}
"""Names of functions, and names in everyday use, to the class's folded name."""
