"""An architecture's results in words, line by line as the published packages print them."""

from __future__ import annotations

from nasatlas.shims.nats_bench.faults import NotThere

SHOWN = {"cifar10-valid": (("valid", "x-valid"),), "cifar10": (("test ", "ori-test"),)}
OTHERS = (("valid", "x-valid"), ("test", "x-test"))
"""Which evaluations are shown of a data set, and as what."""


def lines(information, extra_info=None, joint: str = " & ", shown=SHOWN) -> list:
    """The text, the data sets, and two lines for each of them; what the atlas lacks is left out."""
    names = information.get_dataset_names()
    found = [information.arch_str, f"datasets : {names}, extra-info : {extra_info}"]
    for dataset in names:
        found.append(f"{dataset:14s} {_costs(information.get_compute_costs(dataset))}.")
        told = [f"{label} : [{values}]" for label, name in (("train", "train"), *shown.get(dataset, OTHERS))
                if (values := _values(information, dataset, name, joint))]
        found.append(f"{dataset:14s} {', '.join(told)}")
    return found


def _costs(costs) -> str:
    latency = f"{costs['latency'] * 1000:.2f}" if costs.get("latency", 0) > 0 else None
    told = [f"FLOP={costs['flops']:6.2f} M"] if "flops" in costs else []
    told += [f"Params={costs['params']:.3f} MB"] if "params" in costs else []
    return ", ".join([*told, f"latency={latency} ms"])


def _values(information, dataset: str, name: str, joint: str) -> str:
    try:
        told = information.get_metrics(dataset, name)
    except NotThere:
        return ""
    shown = (("loss", "loss", "{:.3f}"), ("top1", "accuracy", "{:.2f}%"))
    return joint.join(f"{label} = {form.format(told[key])}" for label, key, form in shown if key in told)
